namespace AzureVmRole.Disks.Partitions;

/// <summary>
/// Plans what must be written to a disk so that its partition table fits another size, or is whole again at the same size.
/// Pure: nothing is read or written. The writes are for the disk at whichever of the two sizes is larger (grow first, then
/// write; write first, then shrink), in this order; after any number of them the disk has a sound table.
/// </summary>
public static class GptRelocation
{
    /// <summary>Plans the writes. There are none for a disk without a GPT, and for a GPT that is as it should be.</summary>
    /// <param name="table">The table as it is.</param>
    /// <param name="newLengthInBytes">The virtual size that the table is to fit: the present one to repair it.</param>
    /// <exception cref="DiskOperationException">The new size cuts a partition.</exception>
    /// <exception cref="DiskFormatException">The GPT cannot be moved: both copies are bad, or partitions are where it belongs.</exception>
    public static IReadOnlyList<SectorWrite> Plan(PartitionTable table, long newLengthInBytes)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(newLengthInBytes, table.SectorSize);
        if (table.Gpt is not { } gpt)
        {
            if (newLengthInBytes < table.DiskLengthInBytes)
            {
                CheckShrink(table, newLengthInBytes, newLengthInBytes);
            }

            return [];
        }

        if (gpt.Header is not { } header)
        {
            throw Invalid(table, $"The GPT of '{table.Path}' has no sound copy. {gpt.Primary.Fault} {gpt.Backup.Fault}");
        }

        var layout = GptLayout.For(header, gpt.SectorSize, newLengthInBytes);
        CheckRoom(table, newLengthInBytes, layout);
        var writes = new List<SectorWrite>();
        bool isInPlace = gpt.CopiesAgree && gpt.Backup.Lba == layout.BackupLba;
        if (!isInPlace)
        {
            AddCopies(writes, table, gpt, header, layout);
        }

        AddProtectiveEntry(writes, table, gpt, layout.BackupLba + 1);
        if (!isInPlace)
        {
            AddWipe(writes, table, gpt, layout);
        }

        return writes;
    }

    private static void CheckRoom(PartitionTable table, long newLengthInBytes, GptLayout layout)
    {
        long usableEnd = (layout.LastUsableLba + 1) * table.SectorSize;
        if (newLengthInBytes < table.DiskLengthInBytes)
        {
            CheckShrink(table, newLengthInBytes, usableEnd);
        }
        else if (table.Partitions.FirstOrDefault(partition => EndOf(partition) > usableEnd) is { } partition)
        {
            throw Invalid(
                table,
                $"Partition {partition.Number} of '{table.Path}' ends at byte {EndOf(partition)}, "
                + $"but a GPT on a disk of {newLengthInBytes} bytes has room for partitions up to {usableEnd} only.");
        }
    }

    private static void CheckShrink(PartitionTable table, long newLengthInBytes, long usableEnd)
    {
        DiskPartition[] cut = table.Partitions.Where(partition => EndOf(partition) > usableEnd).ToArray();
        string action = $"Shrink or delete the partition in the guest first, or give a size of at least {table.MinimumLengthInWholeMebibytes} bytes.";
        if (cut.Length > 0)
        {
            string list = string.Join(", ", cut.Select(partition =>
                $"partition {partition.Number} ({partition.Type}, to byte {EndOf(partition)})"));
            throw new DiskOperationException(
                ErrorCode.ShrinkCutsPartition, table.Path,
                $"A size of {newLengthInBytes} bytes would cut {list} of '{table.Path}'.", action);
        }

        if (newLengthInBytes < table.MinimumLengthInBytes)
        {
            throw new DiskOperationException(
                ErrorCode.DiskSizeOutOfRange, table.Path,
                $"A size of {newLengthInBytes} bytes leaves no room for the partition table of '{table.Path}'.", action);
        }
    }

    private static void AddCopies(
        List<SectorWrite> writes, PartitionTable table, GptTable gpt, GptHeader header, GptLayout layout)
    {
        byte[] entries = PadToSector(gpt.Active?.Entries ?? [], gpt.SectorSize);
        GptHeader primary = header with
        {
            MyLba = GptHeader.PrimaryLba,
            AlternateLba = layout.BackupLba,
            LastUsableLba = layout.LastUsableLba,
            EntriesLba = PrimaryEntriesLba(table, gpt, header),
        };
        GptHeader backup = primary with
        {
            MyLba = layout.BackupLba,
            AlternateLba = GptHeader.PrimaryLba,
            EntriesLba = layout.BackupEntriesLba,
        };
        SectorWrite primaryWrite = HeaderWrite(gpt, primary, "primary GPT header");

        // A bad primary is mended first: until then the old backup, which the new one may overwrite, is the only copy.
        if (gpt.Primary.Fault is not null)
        {
            writes.Add(new SectorWrite(primary.EntriesLba * gpt.SectorSize, entries, "primary GPT entries"));
            writes.Add(primaryWrite);
        }

        writes.Add(new SectorWrite(backup.EntriesLba * gpt.SectorSize, entries, "backup GPT entries"));
        writes.Add(HeaderWrite(gpt, backup, "backup GPT header"));
        if (gpt.Primary.Fault is null)
        {
            writes.Add(primaryWrite);
        }
    }

    private static long PrimaryEntriesLba(PartitionTable table, GptTable gpt, GptHeader header)
    {
        const long UsualEntriesLba = 2;
        if (gpt.Primary is { Fault: null, Header: { } sound })
        {
            return sound.EntriesLba;
        }

        long lba = gpt.Primary is { IsHeaderSound: true, Header: { } known } ? known.EntriesLba : UsualEntriesLba;
        long end = lba + GptLayout.EntriesSectorCount(header, gpt.SectorSize);
        long firstPartition = table.Partitions.Select(partition => partition.Offset / gpt.SectorSize)
            .Append(header.FirstUsableLba).Min();
        return end <= firstPartition
            ? lba
            : throw Invalid(
                table, $"The primary GPT entries of '{table.Path}' need sectors {lba} to {end - 1}, but sector {firstPartition} is taken.");
    }

    private static SectorWrite HeaderWrite(GptTable gpt, GptHeader header, string purpose)
    {
        byte[] sector = [.. gpt.Active?.Sector ?? []];
        header.WriteTo(sector);
        return new SectorWrite(header.MyLba * gpt.SectorSize, sector, purpose);
    }

    private static void AddProtectiveEntry(List<SectorWrite> writes, PartitionTable table, GptTable gpt, long sectorCount)
    {
        const string Purpose = "protective MBR";
        if (table.Mbr is not { ProtectiveIndex: >= 0 and int index } mbr)
        {
            writes.Add(new SectorWrite(0, MbrSector.WithProtectiveEntry(gpt.BootSector, sectorCount), Purpose));
            return;
        }

        // Windows writes the highest length whatever the disk's. In a hybrid MBR the entry ends before the next one.
        MbrEntry entry = mbr.Entries[index];
        bool isTooLong = entry.EndLba > sectorCount;
        if (entry.SectorCount != uint.MaxValue && entry.FirstLba < sectorCount && (isTooLong || !mbr.IsHybrid))
        {
            uint length = (uint)Math.Min(sectorCount - entry.FirstLba, uint.MaxValue);
            if (length != entry.SectorCount)
            {
                writes.Add(new SectorWrite(0, MbrSector.WithEntryLength(gpt.BootSector, index, length), Purpose));
            }
        }
    }

    private static void AddWipe(List<SectorWrite> writes, PartitionTable table, GptTable gpt, GptLayout layout)
    {
        // The place of a backup that was not found is whatever the primary says: it may be anywhere.
        if (gpt.Backup.Fault is not null || gpt.Backup.Header?.DiskGuid != gpt.Header?.DiskGuid)
        {
            return;
        }

        long oldOffset = gpt.Backup.Lba * gpt.SectorSize;
        bool isFree = gpt.Backup.Lba >= gpt.Header?.FirstUsableLba
            && gpt.Backup.Lba < layout.BackupEntriesLba
            && !table.Partitions.Any(partition => oldOffset >= partition.Offset && oldOffset < EndOf(partition));
        if (isFree)
        {
            writes.Add(new SectorWrite(oldOffset, new byte[gpt.SectorSize], "old backup GPT header"));
        }
    }

    private static long EndOf(DiskPartition partition) => partition.Offset + partition.Size;

    private static byte[] PadToSector(byte[] bytes, int sectorSize)
    {
        byte[] padded = new byte[(bytes.Length + sectorSize - 1) / sectorSize * sectorSize];
        bytes.CopyTo(padded, 0);
        return padded;
    }

    private static DiskFormatException Invalid(PartitionTable table, string message) => new(
        ErrorCode.PartitionTableInvalid, table.Path, "GUID partition table", GptHeader.PrimaryLba * table.SectorSize, message,
        "Correct the table with a partitioning program, or get a good copy of the disk.");
}
