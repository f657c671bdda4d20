namespace AzureVmRole.Disks.Partitions;

/// <summary>Finds the copies of a GPT, judges them and lists the partitions of the one that counts.</summary>
internal sealed class GptReader
{
    private const string GetGoodCopy = "Correct the table with a partitioning program, or get a good copy of the disk.";

    private readonly VirtualDisk _disk;
    private readonly PartitionFindings _findings;

    public GptReader(VirtualDisk disk, PartitionFindings findings)
    {
        _disk = disk;
        _findings = findings;
    }

    /// <summary>Reads both copies.</summary>
    /// <param name="bootSector">Sector 0.</param>
    /// <param name="mbr">What sector 0 says; null where it is no MBR.</param>
    public GptTable ReadTable(byte[] bootSector, MbrTable? mbr)
    {
        var reader = new GptCopyReader(_disk);
        long sectorCount = _disk.LengthInBytes / _disk.LogicalSectorSize;
        GptCopy primary = reader.Read(GptHeader.PrimaryLba);
        return new GptTable
        {
            SectorSize = _disk.LogicalSectorSize,
            SectorCount = sectorCount,
            Primary = primary,
            Backup = FindBackup(reader, primary, mbr, sectorCount - 1),
            BootSector = bootSector,
        };
    }

    /// <summary>Lists the partitions; what is wrong with them or the copies goes into the findings.</summary>
    public IReadOnlyList<DiskPartition> ReadPartitions(GptTable table)
    {
        AddCopyFindings(table);
        if (table.Active is not { Header: { } header } active)
        {
            return [];
        }

        var partitions = new List<DiskPartition>();
        for (int index = 0; index < header.EntryCount; index++)
        {
            int entryOffset = index * (int)header.EntrySize;
            var entry = GptEntry.Parse(active.Entries.AsSpan(entryOffset, GptEntry.Size));
            if (!entry.IsEmpty && CheckEntry(entry, index + 1, header))
            {
                partitions.Add(MakePartition(entry, index + 1));
            }
        }

        CheckOverlaps(partitions);
        return partitions;
    }

    // The backup of a disk that has grown is where the primary header or the protective entry say, not at the end.
    private static GptCopy FindBackup(GptCopyReader reader, GptCopy primary, MbrTable? mbr, long lastLba)
    {
        long byPrimary = primary.Header?.AlternateLba ?? lastLba;
        long byProtectiveEntry = mbr is { ProtectiveIndex: >= 0 and int index } ? mbr.Entries[index].SectorCount : lastLba;
        GptCopy? first = null;
        long[] places = primary.IsHeaderSound
            ? [byPrimary, lastLba, byProtectiveEntry]
            : [lastLba, byProtectiveEntry, byPrimary];
        foreach (long lba in places.Distinct())
        {
            if (lba == GptHeader.PrimaryLba)
            {
                continue;
            }

            GptCopy copy = reader.Read(lba);
            if (copy.Fault is null)
            {
                return copy;
            }

            first ??= copy;
        }

        return first ?? new GptCopy { Lba = lastLba, Fault = "The disk has no room for a backup." };
    }

    private void AddCopyFindings(GptTable table)
    {
        const string Expected = "A primary header in sector 1 and a backup in the last sector, both with right checksums.";
        if (table.Active is null)
        {
            _findings.AddError(PartitionFindings.GptPrimaryInvalid, table.Primary.Fault ?? "", Expected, GetGoodCopy);
            _findings.AddError(PartitionFindings.GptBackupInvalid, table.Backup.Fault ?? "", Expected, GetGoodCopy);
            return;
        }

        if (table.Primary.Fault is { } primaryFault)
        {
            _findings.AddRepairable(PartitionFindings.GptPrimaryInvalid, FindingSeverity.Error, primaryFault, Expected);
        }

        if (table.Backup.Fault is { } backupFault)
        {
            _findings.AddRepairable(PartitionFindings.GptBackupInvalid, FindingSeverity.Warning, backupFault, Expected);
            return;
        }

        if (!table.IsBackupAtEnd)
        {
            _findings.AddRepairable(
                PartitionFindings.GptBackupNotAtEnd, FindingSeverity.Warning,
                $"The backup header is in sector {table.Backup.Lba}.", $"It belongs in the last sector, {table.SectorCount - 1}.");
        }

        if (table.Primary.Fault is null && !table.CopiesAgree)
        {
            _findings.AddRepairable(
                PartitionFindings.GptBackupInvalid, FindingSeverity.Warning,
                $"The backup in sector {table.Backup.Lba} says something else than the primary.", Expected);
        }
    }

    private bool CheckEntry(GptEntry entry, int number, GptHeader header)
    {
        long highestLba = GptCopyReader.HighestLba(_disk.LogicalSectorSize);
        if (entry.FirstLba <= GptHeader.PrimaryLba || entry.LastLba < entry.FirstLba || entry.LastLba > highestLba)
        {
            _findings.AddError(
                PartitionFindings.GptEntryInvalid,
                $"Entry {number} is for sectors 0x{entry.FirstLba:X} to 0x{entry.LastLba:X}.",
                "A first sector after the header, and a last one that is not before it.", GetGoodCopy);
            return false;
        }

        // What lies beyond the end of the disk is told apart, with the offset in bytes.
        bool isInside = entry.FirstLba >= header.FirstUsableLba && entry.LastLba <= header.LastUsableLba;
        if (!isInside && entry.LastLba < _disk.LengthInBytes / _disk.LogicalSectorSize)
        {
            _findings.AddError(
                PartitionFindings.GptEntriesOverlap,
                $"Partition {number} is in sectors {entry.FirstLba} to {entry.LastLba}.",
                $"Only sectors {header.FirstUsableLba} to {header.LastUsableLba} may hold partitions.", GetGoodCopy);
        }

        return true;
    }

    private DiskPartition MakePartition(GptEntry entry, int number) => new()
    {
        Number = number,
        Offset = entry.FirstLba * _disk.LogicalSectorSize,
        Size = (entry.LastLba - entry.FirstLba + 1) * _disk.LogicalSectorSize,
        Type = PartitionTypes.Name(entry.TypeGuid),
        TypeCode = PartitionTypes.Code(entry.TypeGuid),
        Name = entry.Name,
        Identifier = entry.UniqueGuid,
        IsActive = entry.IsLegacyBootable,
    };

    private void CheckOverlaps(List<DiskPartition> partitions)
    {
        DiskPartition? last = null;
        foreach (DiskPartition next in partitions.OrderBy(partition => partition.Offset))
        {
            if (last is not null && next.Offset < last.Offset + last.Size)
            {
                _findings.AddError(
                    PartitionFindings.GptEntriesOverlap,
                    $"Partition {next.Number} starts inside partition {last.Number}.",
                    "Partitions that do not overlap.", GetGoodCopy);
            }

            last = last is null || next.Offset + next.Size > last.Offset + last.Size ? next : last;
        }
    }
}
