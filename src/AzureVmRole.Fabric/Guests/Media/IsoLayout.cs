namespace AzureVmRole.Fabric.Guests.Media;

/// <summary>Where everything of an image lies, in sectors from its start.</summary>
internal sealed class IsoLayout
{
    public const int VolumeSector = 32;
    public const int ReserveSector = 48;
    public const int VolumeSectors = 16;
    public const int IntegritySector = 64;
    public const int IntegritySectors = 2;
    public const int DirectoriesSector = 70;
    public const int AnchorSector = 256;

    /// <summary>UDF's partition: file set, its end, root entry, root directory, an entry a file, contents.</summary>
    public const int PartitionSector = 257;

    /// <summary>The root directory's entry and content, in blocks of the partition.</summary>
    public const int RootEntryBlock = 2;
    public const int RootContentBlock = 3;

    private readonly int[] _contentSectors;

    public IsoLayout(string label, IReadOnlyList<IsoFile> files, DateTimeOffset time)
    {
        Label = label;
        Files = files;
        Time = time;
        RootContentBlocks = IsoBytes.Sectors(UdfDirectory.Length(files));
        FirstContentSector = PartitionSector + RootContentBlock + RootContentBlocks + files.Count;
        _contentSectors = new int[files.Count];
        int next = FirstContentSector;
        for (int index = 0; index < files.Count; index++)
        {
            _contentSectors[index] = next;
            next += IsoBytes.Sectors(files[index].Content.Length);
        }

        SectorCount = next + 1;
    }

    public string Label { get; }

    public IReadOnlyList<IsoFile> Files { get; }

    /// <summary>In UTC.</summary>
    public DateTimeOffset Time { get; }

    /// <summary>Blocks of UDF's root directory.</summary>
    public int RootContentBlocks { get; }

    public int FirstContentSector { get; }

    /// <summary>All sectors, with the anchor at the end.</summary>
    public int SectorCount { get; }

    /// <summary>Blocks of the partition: all but what lies before it and the anchor.</summary>
    public int PartitionBlocks => SectorCount - 1 - PartitionSector;

    /// <summary>The first sector of a file's content.</summary>
    public int ContentSector(int index) => _contentSectors[index];

    /// <summary>The block of a file's entry in the partition.</summary>
    public int EntryBlock(int index) => RootContentBlock + RootContentBlocks + index;
}
