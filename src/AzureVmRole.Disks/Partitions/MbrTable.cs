namespace AzureVmRole.Disks.Partitions;

/// <summary>What sector 0 of a disk says when it is a master boot record.</summary>
public sealed record MbrTable
{
    /// <summary>The four primary records, unused ones included.</summary>
    public required IReadOnlyList<MbrEntry> Entries { get; init; }

    /// <summary>The disk signature that Windows knows the disk by; 0 where there is none.</summary>
    public required uint DiskSignature { get; init; }

    /// <summary>Whether the record guards a GPT: one of its entries is of type 0xEE.</summary>
    public bool GuardsGpt => ProtectiveIndex >= 0;

    /// <summary>Whether real partitions stand beside the protective entry (a hybrid MBR).</summary>
    public bool IsHybrid => GuardsGpt && Entries.Count(entry => !entry.IsEmpty) > 1;

    /// <summary>Whether no entry is used.</summary>
    public bool IsEmpty => Entries.All(entry => entry.IsEmpty);

    /// <summary>The protective entry's index, or -1.</summary>
    internal int ProtectiveIndex
    {
        get
        {
            for (int index = 0; index < Entries.Count; index++)
            {
                if (Entries[index].Type == MbrEntry.ProtectiveType)
                {
                    return index;
                }
            }

            return -1;
        }
    }

    /// <summary>Reads the record, or returns null when the sector has no boot signature.</summary>
    internal static MbrTable? Parse(ReadOnlySpan<byte> sector)
    {
        if (sector.Length < MbrSector.Size || !MbrSector.HasBootSignature(sector))
        {
            return null;
        }

        var entries = new MbrEntry[MbrSector.EntryCount];
        for (int index = 0; index < entries.Length; index++)
        {
            entries[index] = MbrSector.ReadEntry(sector, index);
        }

        return new MbrTable { Entries = entries, DiskSignature = MbrSector.ReadDiskSignature(sector) };
    }
}
