using AzureVmRole.Disks.Files;

namespace AzureVmRole.Disks.Vhdx;

/// <summary>
/// The entries of a BAT, read by page when they are asked for. At most <see cref="SlotCount"/> pages (32 MiB) are kept,
/// each in the one slot that its number selects. Safe from any thread.
/// </summary>
internal sealed class VhdxBatPages
{
    private const int PageSize = 64 << 10;
    private const int SlotCount = 512;
    private const int EntriesPerPage = PageSize / VhdxBatEntry.Size;

    private readonly DiskFile _file;
    private readonly long _fileOffset;
    private readonly long _entryCount;
    private readonly Page?[] _slots = new Page?[SlotCount];

    public VhdxBatPages(DiskFile file, long fileOffset, long entryCount)
    {
        _file = file;
        _fileOffset = fileOffset;
        _entryCount = entryCount;
    }

    public long EntryCount => _entryCount;

    /// <summary>Where an entry is in the file.</summary>
    public long OffsetOf(long entryIndex) => _fileOffset + (entryIndex * VhdxBatEntry.Size);

    public VhdxBatEntry Get(long entryIndex)
    {
        long number = entryIndex / EntriesPerPage;
        ref Page? slot = ref _slots[number % SlotCount];
        Page? page = Volatile.Read(ref slot);
        if (page is null || page.Number != number)
        {
            page = Load(number);
            Volatile.Write(ref slot, page);
        }

        return VhdxBatEntry.Parse(page.Bytes.AsSpan((int)(entryIndex % EntriesPerPage) * VhdxBatEntry.Size));
    }

    private Page Load(long number)
    {
        long first = number * EntriesPerPage;
        byte[] bytes = new byte[Math.Min(EntriesPerPage, _entryCount - first) * VhdxBatEntry.Size];
        _file.ReadExactly(OffsetOf(first), bytes);
        return new Page(number, bytes);
    }

    private sealed record Page(long Number, byte[] Bytes);
}
