using AzureVmRole.Disks.Files;

namespace AzureVmRole.Disks.Tests.Copying;

/// <summary>A disk whose extents are of every kind and lie in its file in another order; can be broken at one place.</summary>
internal sealed class ScatteredDisk : VirtualDisk
{
    public const int UnitSize = 512;

    private readonly List<DiskExtent> _extents;

    private ScatteredDisk(DiskFile file, byte[] content, List<DiskExtent> extents)
        : base(file, content.Length)
    {
        Content = content;
        _extents = extents;
    }

    /// <summary>What the disk shows.</summary>
    public byte[] Content { get; }

    /// <summary>Which bytes are of extents that hold something, be it zeros.</summary>
    public bool[] IsHeld => _extents
        .SelectMany(extent => Enumerable.Repeat(extent.Kind != ExtentKind.Zero, (int)extent.Length)).ToArray();

    /// <summary>Reading at or behind this place fails.</summary>
    public long BrokenFrom { get; init; } = long.MaxValue;

    public override VhdFormat Format => VhdFormat.Raw;

    public override VhdType Type => VhdType.Fixed;

    public static ScatteredDisk Create(string path, Random random, int lengthInBytes, long brokenFrom = long.MaxValue)
    {
        byte[] content = new byte[lengthInBytes];
        byte[] stored = new byte[lengthInBytes];
        var places = new List<(int Disk, int Length)>();
        for (int position = 0; position < lengthInBytes;)
        {
            int length = Math.Min(lengthInBytes - position, UnitSize * random.Next(1, random.Next(2) == 0 ? 5 : 600));
            places.Add((position, length));
            position += length;
        }

        var extents = new List<DiskExtent>();
        var file = DiskFile.Create(path);
        int fileOffset = 0;
        foreach ((int disk, int length) in places.OrderBy(_ => random.Next()))
        {
            ExtentKind kind = random.Next(4) switch { 0 => ExtentKind.Zero, 1 => ExtentKind.Encoded, _ => ExtentKind.File };
            if (kind != ExtentKind.Zero && random.Next(3) > 0)
            {
                random.NextBytes(content.AsSpan(disk, length));
            }

            if (kind == ExtentKind.File)
            {
                content.AsSpan(disk, length).CopyTo(stored.AsSpan(fileOffset));
                extents.Add(new DiskExtent(disk, length, kind, file, fileOffset));
                fileOffset += length;
            }
            else
            {
                extents.Add(new DiskExtent(disk, length, kind));
            }
        }

        file.Write(0, stored);
        extents.Sort((left, right) => left.DiskOffset.CompareTo(right.DiskOffset));
        return new ScatteredDisk(file, content, extents) { BrokenFrom = brokenFrom };
    }

    public override IEnumerable<DiskExtent> EnumerateExtents(long diskOffset, long length)
    {
        foreach (DiskExtent extent in _extents)
        {
            long from = Math.Max(extent.DiskOffset, diskOffset);
            long to = Math.Min(extent.End, diskOffset + length);
            if (to > BrokenFrom)
            {
                throw new DiskFormatException(ErrorCode.Qcow2TableInvalid, Path, "table", BrokenFrom, "The table is broken here.");
            }

            if (from < to)
            {
                yield return extent.Slice(from, to - from);
            }
        }
    }

    protected override void ReadEncoded(long diskOffset, Span<byte> buffer) =>
        Content.AsSpan((int)diskOffset, buffer.Length).CopyTo(buffer);
}
