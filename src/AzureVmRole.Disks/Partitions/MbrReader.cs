namespace AzureVmRole.Disks.Partitions;

/// <summary>Turns the entries of an MBR, and the chains of its extended partitions, into partitions.</summary>
internal sealed class MbrReader
{
    // No system numbers more logical partitions than this; a longer chain is taken for damage.
    private const int MaximumLogicalPartitions = 256;
    private const int FirstLogicalNumber = 5;
    private const string Repartition = "Correct the table with a partitioning program, or get a good copy of the disk.";

    private readonly VirtualDisk _disk;
    private readonly int _sectorSize;
    private readonly PartitionFindings _findings;
    private readonly List<DiskPartition> _partitions = [];

    public MbrReader(VirtualDisk disk, PartitionFindings findings)
    {
        _disk = disk;
        _sectorSize = disk.LogicalSectorSize;
        _findings = findings;
    }

    private long SectorCount => _disk.LengthInBytes / _sectorSize;

    /// <summary>
    /// Whether the sector is a partition table at all. Boot code after a file system's boot sector can look like one; an
    /// unused table counts unless a file system owns the sector.
    /// </summary>
    public bool IsPartitionTable(MbrTable table, ReadOnlySpan<byte> sector)
    {
        MbrEntry[] used = table.Entries.Where(entry => !entry.IsEmpty).ToArray();
        return BootSector.IsFileSystem(sector)
            ? used.Length > 0 && used.All(entry => IsPlausible(entry) && entry.EndLba <= SectorCount)
            : used.Length == 0 || used.Any(IsPlausible);
    }

    /// <summary>Lists the partitions; what is wrong with them goes into the findings.</summary>
    public IReadOnlyList<DiskPartition> ReadPartitions(MbrTable table)
    {
        MbrEntry? extended = null;
        for (int index = 0; index < table.Entries.Count; index++)
        {
            MbrEntry entry = table.Entries[index];
            if (entry.IsEmpty || !Check(entry, $"Entry {index + 1} of the MBR"))
            {
                continue;
            }

            AddPartition(index + 1, entry, 0);
            if (entry.IsExtended && extended is not null)
            {
                AddFault($"Entry {index + 1} of the MBR is a second extended partition.", "One extended partition.");
            }
            else if (entry.IsExtended)
            {
                extended = entry;
            }
        }

        if (extended is { } chain)
        {
            ReadLogicalPartitions(chain);
        }

        CheckOverlaps();
        return _partitions;
    }

    private void ReadLogicalPartitions(MbrEntry extended)
    {
        var visited = new HashSet<long>();
        byte[] sector = new byte[MbrSector.Size];
        long ebrLba = extended.FirstLba;
        int number = FirstLogicalNumber;
        while (CheckChain(extended, ebrLba, visited))
        {
            _disk.Read(ebrLba * _sectorSize, sector);
            if (!MbrSector.HasBootSignature(sector))
            {
                AddFault($"The extended boot record in sector {ebrLba} does not end in 55 AA.", "55 AA at its offset 510.");
                return;
            }

            MbrEntry logical = MbrSector.ReadEntry(sector, 0);
            if (!logical.IsEmpty && Check(logical, $"The entry for logical partition {number}, in sector {ebrLba},"))
            {
                CheckInside(extended, ebrLba, logical, number);
                AddPartition(number, logical, ebrLba);
            }

            MbrEntry link = MbrSector.ReadEntry(sector, 1);
            if (!link.IsExtended)
            {
                return;
            }

            ebrLba = (long)extended.FirstLba + link.FirstLba;
            number++;
        }
    }

    private bool CheckChain(MbrEntry extended, long ebrLba, HashSet<long> visited)
    {
        const string Expected = "A chain of extended boot records that ends, inside the extended partition.";
        if (ebrLba < extended.FirstLba || ebrLba >= Math.Min(extended.EndLba, SectorCount))
        {
            AddFault($"The chain of extended boot records leads to sector {ebrLba}, outside the extended partition.", Expected);
            return false;
        }

        if (!visited.Add(ebrLba))
        {
            AddFault($"The chain of extended boot records comes back to sector {ebrLba}.", Expected);
            return false;
        }

        if (visited.Count > MaximumLogicalPartitions)
        {
            AddFault($"The chain of extended boot records has more than {MaximumLogicalPartitions} links.", Expected);
            return false;
        }

        return true;
    }

    private void CheckInside(MbrEntry extended, long ebrLba, MbrEntry logical, int number)
    {
        if (ebrLba + logical.EndLba > extended.EndLba)
        {
            AddFault(
                $"Logical partition {number} ends at sector {ebrLba + logical.EndLba}, the extended partition at {extended.EndLba}.",
                "Logical partitions inside the extended partition.");
        }
    }

    private bool Check(MbrEntry entry, string what)
    {
        if (entry.HasKnownStatus && entry is { FirstLba: > 0, SectorCount: > 0 })
        {
            return true;
        }

        AddFault(
            $"{what} has status 0x{entry.Status:X2}, first sector {entry.FirstLba} and {entry.SectorCount} sectors.",
            "Status 0x00 or 0x80, a first sector after the table and a length.");
        return false;
    }

    private bool IsPlausible(MbrEntry entry) =>
        entry.HasKnownStatus && entry is { FirstLba: > 0, SectorCount: > 0 } && entry.FirstLba < SectorCount;

    private void AddPartition(int number, MbrEntry entry, long baseLba) => _partitions.Add(new DiskPartition
    {
        Number = number,
        Offset = (baseLba + entry.FirstLba) * _sectorSize,
        Size = (long)entry.SectorCount * _sectorSize,
        Type = PartitionTypes.Name(entry.Type),
        TypeCode = PartitionTypes.Code(entry.Type),
        IsActive = entry.IsActive,
    });

    private void CheckOverlaps()
    {
        DiskPartition? last = null;
        foreach (DiskPartition next in _partitions
            .Where(partition => partition.TypeCode is not ("05" or "0F" or "85"))
            .OrderBy(partition => partition.Offset))
        {
            if (last is not null && next.Offset < last.Offset + last.Size)
            {
                AddFault($"Partition {next.Number} starts inside partition {last.Number}.", "Partitions that do not overlap.");
            }

            last = last is null || next.Offset + next.Size > last.Offset + last.Size ? next : last;
        }
    }

    private void AddFault(string found, string expected) =>
        _findings.AddError(PartitionFindings.MbrInvalid, found, expected, Repartition);
}
