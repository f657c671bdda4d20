namespace AzureVmRole.Disks.Vhdx;

/// <content>Where the disk's bytes are.</content>
public sealed partial class VhdxDisk
{
    /// <inheritdoc/>
    public override IEnumerable<DiskExtent> EnumerateExtents(long diskOffset, long length)
    {
        foreach (VhdxRun run in Join(EnumerateRuns(diskOffset, diskOffset + length)))
        {
            if (run.Source == VhdxRunSource.Parent && _parent is not null)
            {
                foreach (DiskExtent extent in ParentExtents(_parent, run))
                {
                    yield return extent;
                }
            }
            else
            {
                yield return run.Source == VhdxRunSource.File
                    ? new DiskExtent(run.DiskOffset, run.Length, ExtentKind.File, File, run.FileOffset)
                    : new DiskExtent(run.DiskOffset, run.Length, ExtentKind.Zero);
            }
        }
    }

    private static IEnumerable<VhdxRun> Join(IEnumerable<VhdxRun> runs)
    {
        VhdxRun open = default;
        foreach (VhdxRun run in runs)
        {
            if (open.Length > 0 && open.IsContinuedBy(run))
            {
                open = open with { Length = open.Length + run.Length };
                continue;
            }

            if (open.Length > 0)
            {
                yield return open;
            }

            open = run;
        }

        if (open.Length > 0)
        {
            yield return open;
        }
    }

    // A child that was made larger than its parent reads as zeros where the parent ends.
    private static IEnumerable<DiskExtent> ParentExtents(VhdxDisk parent, VhdxRun run)
    {
        long inParent = Math.Clamp(parent.LengthInBytes - run.DiskOffset, 0, run.Length);
        if (inParent > 0)
        {
            foreach (DiskExtent extent in parent.EnumerateExtents(run.DiskOffset, inParent))
            {
                yield return extent;
            }
        }

        if (inParent < run.Length)
        {
            yield return new DiskExtent(run.DiskOffset + inParent, run.Length - inParent, ExtentKind.Zero);
        }
    }

    private IEnumerable<VhdxRun> EnumerateRuns(long diskOffset, long end)
    {
        while (diskOffset < end)
        {
            long block = diskOffset / BlockSizeInBytes;
            long blockOffset = block * BlockSizeInBytes;
            long length = Math.Min(end, blockOffset + BlockSizeInBytes) - diskOffset;
            VhdxBatEntry entry = _blocks.GetPayload(block);
            switch (entry.PayloadState)
            {
                case VhdxPayloadState.FullyPresent:
                    yield return new VhdxRun(
                        diskOffset, length, VhdxRunSource.File, entry.FileOffset + (diskOffset - blockOffset));
                    break;
                case VhdxPayloadState.PartiallyPresent:
                    foreach (VhdxRun run in EnumerateSectorRuns(diskOffset, length, entry.FileOffset - blockOffset))
                    {
                        yield return run;
                    }

                    break;
                case VhdxPayloadState.NotPresent when _parent is not null:
                    yield return new VhdxRun(diskOffset, length, VhdxRunSource.Parent);
                    break;
                default:
                    yield return new VhdxRun(diskOffset, length, VhdxRunSource.Zero);
                    break;
            }

            diskOffset += length;
        }
    }

    /// <summary>The runs in a part of a block whose sectors are in this file or in the parent.</summary>
    /// <param name="diskOffset">Where the part starts.</param>
    /// <param name="length">Its length in bytes.</param>
    /// <param name="fileBias">What makes a disk offset in the block an offset in the file.</param>
    private IEnumerable<VhdxRun> EnumerateSectorRuns(long diskOffset, long length, long fileBias)
    {
        long end = diskOffset + length;
        long chunkLength = (long)VhdxFormat.SectorsPerBitmapBlock * LogicalSectorSize;
        long chunk = diskOffset / chunkLength;
        long bitmapOffset = _blocks.GetBitmapOffset(chunk);
        long firstSector = diskOffset / LogicalSectorSize;
        long endSector = (end + LogicalSectorSize - 1) / LogicalSectorSize;
        int firstBit = (int)(firstSector % VhdxFormat.SectorsPerBitmapBlock);
        long position = firstSector * LogicalSectorSize;
        foreach ((int bitCount, bool isPresent) in VhdxSectorBitmap.EnumerateRuns(
            File, bitmapOffset, firstBit, (int)(endSector - firstSector)))
        {
            long from = Math.Max(position, diskOffset);
            position += (long)bitCount * LogicalSectorSize;
            long runLength = Math.Min(position, end) - from;
            yield return isPresent
                ? new VhdxRun(from, runLength, VhdxRunSource.File, from + fileBias)
                : new VhdxRun(from, runLength, VhdxRunSource.Parent);
        }
    }
}
