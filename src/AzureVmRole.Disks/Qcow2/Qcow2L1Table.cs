using System.Buffers.Binary;
using System.Collections;
using AzureVmRole.Disks.Files;

namespace AzureVmRole.Disks.Qcow2;

/// <summary>The active L1 table: where the L2 tables are in the file, and which of them were found to be right.</summary>
internal sealed class Qcow2L1Table
{
    private const ulong CopiedFlag = 1UL << 63;
    private const int ChunkLength = 64 << 10;

    private readonly DiskFile _file;
    private readonly Qcow2Layout _layout;
    private readonly long _fileOffset;
    private readonly long[] _tableOffsets;
    private readonly BitArray _checkedTables;
    private readonly Qcow2ClusterUse _use;
    private readonly Qcow2TableCheck _check;
    private DiskFormatException? _fault;

    private Qcow2L1Table(DiskFile file, Qcow2Header header, Qcow2Layout layout, long diskLength, int entryCount)
    {
        _file = file;
        _layout = layout;
        _fileOffset = (long)header.L1TableOffset;
        _tableOffsets = new long[entryCount];
        _checkedTables = new BitArray(entryCount);
        _use = new Qcow2ClusterUse(layout.ClusterBits, file.Length);
        _check = new Qcow2TableCheck(file, header, layout, diskLength, _use);
    }

    /// <summary>Reads and checks the table.</summary>
    /// <exception cref="DiskFormatException">An entry is wrong.</exception>
    public static Qcow2L1Table Read(DiskFile file, Qcow2Header header, Qcow2Layout layout, long diskLength)
    {
        // Entries beyond the end of the disk belong to the machine states of snapshots.
        int needed = (int)(((long)header.DiskSize + layout.TableSpan - 1) / layout.TableSpan);
        var table = new Qcow2L1Table(file, header, layout, diskLength, needed);
        table._use.TryTake(0);
        long l1End = table._fileOffset + ((long)header.L1Size * sizeof(ulong));
        for (long offset = table._fileOffset; offset < l1End; offset += layout.ClusterSize)
        {
            table._use.TryTake(offset);
        }

        table.ReadEntries();
        return table;
    }

    /// <summary>Where the L2 table is in the file; 0 when there is none.</summary>
    public long TableOffset(long index) => _tableOffsets[index];

    /// <summary>Checks an L2 table unless that was done before. Not thread-safe.</summary>
    /// <exception cref="DiskFormatException">An entry of it is wrong, or one of an earlier table was.</exception>
    public void CheckOnce(long index, ReadOnlySpan<byte> table)
    {
        // A failed check leaves clusters marked as taken, which a second one would take for double use.
        if (_fault is not null)
        {
            throw _fault;
        }

        if (_checkedTables[(int)index])
        {
            return;
        }

        try
        {
            _check.Check(table, TableOffset(index), index * _layout.TableSpan);
            _checkedTables[(int)index] = true;
        }
        catch (DiskFormatException exception)
        {
            _fault = exception;
            throw;
        }
    }

    private void ReadEntries()
    {
        byte[] chunk = new byte[ChunkLength];
        for (int index = 0; index < _tableOffsets.Length; index++)
        {
            int position = (int)((long)index * sizeof(ulong) % ChunkLength);
            if (position == 0)
            {
                long left = (long)(_tableOffsets.Length - index) * sizeof(ulong);
                _file.ReadExactly(OffsetOfEntry(index), chunk.AsSpan(0, (int)Math.Min(ChunkLength, left)));
            }

            ulong entry = BinaryPrimitives.ReadUInt64BigEndian(chunk.AsSpan(position));
            _tableOffsets[index] = CheckEntry(index, entry);
        }
    }

    private long OffsetOfEntry(long index) => _fileOffset + (index * sizeof(ulong));

    private long CheckEntry(int index, ulong entry)
    {
        long offset = (long)(entry & Qcow2Entry.OffsetMask);
        string? reason = (entry & ~(Qcow2Entry.OffsetMask | CopiedFlag)) != 0 ? "reserved bits are set"
            : offset == 0 ? (entry == 0 ? null : "no L2 table is at offset 0")
            : offset % _layout.ClusterSize != 0 ? $"the L2 table is not at a multiple of {_layout.ClusterSize}"
            : offset + _layout.ClusterSize > _file.Length ? $"the L2 table ends after the end of the file, 0x{_file.Length:X}"
            : !_use.TryTake(offset) ? "the cluster of the L2 table has another use"
            : null;
        return reason is null
            ? offset
            : throw Qcow2Errors.Table(_file.Path, $"L1 entry {index}", OffsetOfEntry(index), entry, reason);
    }
}
