namespace AzureVmRole.Disks.Qcow2;

/// <summary>Checks a header: first that its version is known, then every field that reading relies on.</summary>
internal sealed class Qcow2HeaderCheck(string path, long fileLength, Qcow2Header header)
{
    private long ClusterSize => 1L << (int)header.ClusterBits;

    /// <summary>Checks what says how the file is to be read.</summary>
    /// <exception cref="DiskFormatException">The first field that is wrong, or a version that is not supported.</exception>
    public void CheckStructure()
    {
        CheckVersion();
        CheckClusters();
        CheckBackingName();
    }

    /// <summary>Checks the sizes and the place of the L1 table, and bounds what reading it needs.</summary>
    /// <exception cref="DiskFormatException">The first field that is wrong.</exception>
    public void CheckTables()
    {
        Qcow2Layout layout = header.Layout;
        if (layout.HasExtendedEntries && layout.SubclusterSize < Qcow2Format.SectorSize)
        {
            throw Qcow2Errors.Header(
                path, "cluster_bits", Qcow2Header.ClusterBitsOffset, header.ClusterBits, "14 or more with extended L2 entries");
        }

        long l1Length = (long)header.L1Size * sizeof(ulong);
        if (l1Length > Qcow2Format.MaximumL1Length)
        {
            throw Qcow2Errors.Header(
                path, "l1_size", Qcow2Header.L1SizeOffset, header.L1Size,
                $"at most {Qcow2Format.MaximumL1Length / sizeof(ulong)} entries");
        }

        if (header.DiskSize > (ulong)(header.L1Size * layout.TableSpan))
        {
            throw Qcow2Errors.Header(
                path, "size", Qcow2Header.SizeOffset, header.DiskSize,
                $"at most {header.L1Size * layout.TableSpan}, what {header.L1Size} L1 entries reach");
        }

        if (header.L1Size > 0)
        {
            CheckL1Place(l1Length);
        }
    }

    private void CheckVersion()
    {
        long minimum = header.Version < 3 ? Qcow2Header.Version2Size : Qcow2Header.Version3Size;
        if (fileLength < minimum)
        {
            throw Qcow2Errors.Truncated(path, "the header", 0, minimum, fileLength);
        }

        if (header.Version is not (2 or 3))
        {
            throw Qcow2Errors.Unsupported(
                path, "version", Qcow2Header.VersionOffset, $"version {header.Version} of the qcow format");
        }
    }

    private void CheckClusters()
    {
        if (header.ClusterBits is < Qcow2Format.MinimumClusterBits or > Qcow2Format.MaximumClusterBits)
        {
            throw Qcow2Errors.Header(
                path, "cluster_bits", Qcow2Header.ClusterBitsOffset, header.ClusterBits,
                $"{Qcow2Format.MinimumClusterBits} to {Qcow2Format.MaximumClusterBits}");
        }

        bool isLengthRight = header.Version < 3
            || (header.HeaderLength >= Qcow2Header.Version3Size && header.HeaderLength % 8 == 0 && header.HeaderLength <= ClusterSize);
        if (!isLengthRight)
        {
            throw Qcow2Errors.Header(
                path, "header_length", Qcow2Header.HeaderLengthOffset, header.HeaderLength,
                $"a multiple of 8 from {Qcow2Header.Version3Size} to {ClusterSize}");
        }

        if (fileLength < header.HeaderLength)
        {
            throw Qcow2Errors.Truncated(path, "the header", 0, header.HeaderLength, fileLength);
        }
    }

    private void CheckL1Place(long l1Length)
    {
        if (header.L1TableOffset % (ulong)ClusterSize != 0 || header.L1TableOffset < (ulong)ClusterSize)
        {
            throw Qcow2Errors.Header(
                path, "l1_table_offset", Qcow2Header.L1TableOffsetOffset, header.L1TableOffset,
                $"a multiple of {ClusterSize} after the header");
        }

        if (header.L1TableOffset > (ulong)Math.Max(0, fileLength - l1Length))
        {
            throw Qcow2Errors.Truncated(
                path, "the L1 table", Qcow2Header.L1TableOffsetOffset,
                (long)Math.Min(header.L1TableOffset, long.MaxValue / 2) + l1Length, fileLength);
        }
    }

    private void CheckBackingName()
    {
        if (header.BackingFileOffset == 0)
        {
            return;
        }

        if (header.BackingFileSize is 0 or > Qcow2Format.MaximumBackingNameLength)
        {
            throw Qcow2Errors.Header(
                path, "backing_file_size", Qcow2Header.BackingFileSizeOffset, header.BackingFileSize,
                $"1 to {Qcow2Format.MaximumBackingNameLength}");
        }

        long end = Math.Min(ClusterSize, fileLength) - header.BackingFileSize;
        if (header.BackingFileOffset < header.HeaderLength || end < 0 || header.BackingFileOffset > (ulong)end)
        {
            throw Qcow2Errors.Header(
                path, "backing_file_offset", Qcow2Header.BackingFileOffsetOffset, header.BackingFileOffset,
                $"{header.HeaderLength} to {end}, between the header and the end of its cluster");
        }
    }
}
