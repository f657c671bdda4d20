namespace AzureVmRole.Disks.Partitions;

/// <summary>Decides which kind of table a disk has, and reads it.</summary>
internal sealed class PartitionTableReader
{

    private readonly VirtualDisk _disk;
    private readonly PartitionFindings _findings;

    public PartitionTableReader(VirtualDisk disk)
    {
        _disk = disk;
        _findings = new PartitionFindings(disk.Path);
    }

    public PartitionTable Read()
    {
        var nothing = new PartitionTable
        {
            Path = _disk.Path,
            DiskLengthInBytes = _disk.LengthInBytes,
            SectorSize = _disk.LogicalSectorSize,
        };
        if (_disk.LengthInBytes < _disk.LogicalSectorSize)
        {
            return nothing;
        }

        byte[] bootSector = new byte[_disk.LogicalSectorSize];
        _disk.Read(0, bootSector);
        var mbr = MbrTable.Parse(bootSector);
        PartitionTable table = ReadGpt(nothing, bootSector, mbr) ?? ReadMbr(nothing, bootSector, mbr);
        CheckEnds(table);
        return table with { Findings = _findings.All };
    }

    private PartitionTable? ReadGpt(PartitionTable nothing, byte[] bootSector, MbrTable? mbr)
    {
        bool isGuarded = mbr is { GuardsGpt: true };
        if (mbr is { IsEmpty: false } && !isGuarded)
        {
            return null;
        }

        var reader = new GptReader(_disk, _findings);
        GptTable gpt = reader.ReadTable(bootSector, mbr);

        // Without a protective entry only a sound primary counts: a backup may be the rest of an earlier use of the disk.
        if (!isGuarded && gpt.Primary.Fault is not null)
        {
            return null;
        }

        if (!isGuarded)
        {
            _findings.AddRepairable(
                PartitionFindings.MbrInvalid, FindingSeverity.Error,
                "Sector 0 has no protective entry although sector 1 holds a sound GPT header.",
                "An MBR entry of type 0xEE that covers the disk.");
        }

        IReadOnlyList<DiskPartition> partitions = reader.ReadPartitions(gpt);
        bool hasEfiSystem = HasType(partitions, PartitionTypes.EfiSystem);
        bool hasBiosBoot = HasType(partitions, PartitionTypes.BiosBoot);
        return nothing with
        {
            Style = PartitionStyle.Gpt,
            Mbr = mbr,
            Gpt = gpt,
            Partitions = partitions,
            Generation = hasEfiSystem ? DiskGeneration.Gen2 : hasBiosBoot ? DiskGeneration.Gen1 : DiskGeneration.Unknown,
            BootsInBothGenerations = hasEfiSystem && hasBiosBoot,
            MinimumLengthInBytes = MinimumLength(gpt, partitions),
        };
    }

    private PartitionTable ReadMbr(PartitionTable nothing, byte[] bootSector, MbrTable? mbr)
    {
        if (mbr is null)
        {
            return nothing;
        }

        var reader = new MbrReader(_disk, _findings);
        if (!reader.IsPartitionTable(mbr, bootSector))
        {
            if (!BootSector.IsFileSystem(bootSector))
            {
                _findings.AddError(
                    PartitionFindings.MbrInvalid, "Sector 0 ends in 55 AA, but no entry in it can be a partition.",
                    "Entries with status 0x00 or 0x80 that start inside the disk.",
                    "Ignore this if the disk is one file system without partitions; else get a good copy of the disk.");
            }

            return nothing;
        }

        IReadOnlyList<DiskPartition> partitions = reader.ReadPartitions(mbr);
        return nothing with
        {
            Style = PartitionStyle.Mbr,
            Mbr = mbr,
            Partitions = partitions,
            Generation = partitions.Any(partition => partition.IsActive) ? DiskGeneration.Gen1 : DiskGeneration.Unknown,
            MinimumLengthInBytes = partitions.Select(partition => partition.Offset + partition.Size)
                .Append(_disk.LogicalSectorSize).Max(),
        };
    }

    private static bool HasType(IReadOnlyList<DiskPartition> partitions, Guid type) => partitions
        .Any(partition => string.Equals(partition.TypeCode, PartitionTypes.Code(type), StringComparison.Ordinal));

    private static long? MinimumLength(GptTable gpt, IReadOnlyList<DiskPartition> partitions)
    {
        if (gpt.Header is not { } header)
        {
            return null;
        }

        // At least one usable sector stays, else partitioning programs refuse the table.
        long firstFree = (header.FirstUsableLba + 1) * gpt.SectorSize;
        long entriesSectors = GptLayout.EntriesSectorCount(header, gpt.SectorSize);
        return partitions.Select(partition => partition.Offset + partition.Size).Append(firstFree).Max()
            + ((entriesSectors + 1) * gpt.SectorSize);
    }

    private void CheckEnds(PartitionTable table)
    {
        foreach (DiskPartition partition in table.Partitions)
        {
            if (partition.Offset + partition.Size > _disk.LengthInBytes)
            {
                _findings.AddError(
                    PartitionFindings.PartitionBeyondEnd,
                    $"Partition {partition.Number} ends at byte {partition.Offset + partition.Size}.",
                    $"Partitions end inside the disk of {_disk.LengthInBytes} bytes.",
                    "Get a complete copy of the disk, or make it larger with Resize-BaseVhd.");
            }
        }
    }
}
