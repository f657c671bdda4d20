using System.Buffers.Binary;
using AzureVmRole.Disks.Files;

namespace AzureVmRole.Disks.Vhdx;

/// <summary>
/// Writes everything of a new VHDX file but its blocks. The layout: header section, 1 MiB of empty log, 1 MiB of
/// metadata, the BAT, then the blocks.
/// </summary>
internal sealed class VhdxTableWriter
{
    private const string Creator = "AzureVmRole";
    private const int LogOffset = 1 * VhdxFormat.MiB;
    private const int LogLength = VhdxFormat.MiB;
    private const int MetadataOffset = 2 * VhdxFormat.MiB;
    private const int MetadataLength = VhdxFormat.MiB;
    private const int BatOffset = 3 * VhdxFormat.MiB;
    private const int BatPieceSize = 64 << 10;
    private const uint LeaveBlocksAllocatedFlag = 1;

    private readonly DiskFile _file;
    private readonly VhdxGeometry _geometry;
    private readonly uint _batLength;

    public VhdxTableWriter(DiskFile file, VhdxGeometry geometry)
    {
        _file = file;
        _geometry = geometry;
        long tableLength = geometry.CountEntries(hasParent: false) * VhdxBatEntry.Size;
        _batLength = (uint)((tableLength + VhdxFormat.Alignment - 1) / VhdxFormat.Alignment * VhdxFormat.Alignment);
    }

    /// <summary>Where the first block is.</summary>
    public long BlocksOffset => BatOffset + _batLength;

    /// <summary>Writes the BAT; pieces without an entry are left as holes.</summary>
    /// <param name="findPlace">The place of a block, counted in blocks from the first; -1 for none.</param>
    public void WriteBat(Func<long, long> findPlace)
    {
        long count = _geometry.CountEntries(hasParent: false);
        byte[] piece = new byte[BatPieceSize];
        const int entriesPerPiece = BatPieceSize / VhdxBatEntry.Size;
        for (long first = 0; first < count; first += entriesPerPiece)
        {
            int inPiece = (int)Math.Min(entriesPerPiece, count - first);
            bool isEmpty = true;
            for (int index = 0; index < inPiece; index++)
            {
                long place = _geometry.IsBitmapEntry(first + index) ? -1 : findPlace(_geometry.BlockOfEntry(first + index));
                VhdxBatEntry entry = place < 0
                    ? default
                    : new VhdxBatEntry(
                        (int)VhdxPayloadState.FullyPresent, BlocksOffset + (place * _geometry.BlockSizeInBytes));
                entry.WriteTo(piece.AsSpan(index * VhdxBatEntry.Size));
                isEmpty &= place < 0;
            }

            if (!isEmpty)
            {
                _file.Write(BatOffset + (first * VhdxBatEntry.Size), piece.AsSpan(0, inPiece * VhdxBatEntry.Size));
            }
        }
    }

    public void WriteMetadata(VhdxWriterOptions options)
    {
        byte[] region = new byte[VhdxMetadataTable.Size + (2 * VhdxFormat.LogSectorSize)];
        var entries = new List<VhdxMetadataEntry>();
        int offset = VhdxMetadataTable.Size;
        BinaryPrimitives.WriteInt32LittleEndian(AddItem(VhdxMetadataItem.FileParameters, 8, 0), _geometry.BlockSizeInBytes);
        if (options.Type == VhdType.Fixed)
        {
            BinaryPrimitives.WriteUInt32LittleEndian(region.AsSpan(offset - 4), LeaveBlocksAllocatedFlag);
        }

        const uint ofDisk = VhdxMetadataEntry.IsVirtualDiskFlag;
        BinaryPrimitives.WriteInt64LittleEndian(
            AddItem(VhdxMetadataItem.VirtualDiskSize, 8, ofDisk), _geometry.LengthInBytes);
        options.Identifier.TryWriteBytes(AddItem(VhdxMetadataItem.VirtualDiskId, 16, ofDisk));
        BinaryPrimitives.WriteInt32LittleEndian(
            AddItem(VhdxMetadataItem.LogicalSectorSize, 4, ofDisk), options.LogicalSectorSize);
        BinaryPrimitives.WriteInt32LittleEndian(
            AddItem(VhdxMetadataItem.PhysicalSectorSize, 4, ofDisk), options.PhysicalSectorSize);
        new VhdxMetadataTable(entries, MetadataOffset).WriteTo(region);
        _file.Write(MetadataOffset, region);

        Span<byte> AddItem(Guid itemId, int length, uint flags)
        {
            entries.Add(new VhdxMetadataEntry(
                itemId, (uint)offset, (uint)length, flags | VhdxMetadataEntry.IsRequiredFlag));
            offset += length;
            return region.AsSpan(offset - length, length);
        }
    }

    /// <summary>Writes region tables, headers and, last, the file type identifier.</summary>
    public void WriteHeaderSection(Guid dataWriteGuid)
    {
        byte[] table = new byte[VhdxRegionTable.Size];
        new VhdxRegionTable(
            [
                new VhdxRegionEntry(VhdxFormat.BatRegion, BatOffset, _batLength, Required: 1),
                new VhdxRegionEntry(VhdxFormat.MetadataRegion, MetadataOffset, MetadataLength, Required: 1),
            ],
            VhdxFormat.FirstRegionTableOffset).WriteTo(table);
        _file.Write(VhdxFormat.FirstRegionTableOffset, table);
        _file.Write(VhdxFormat.SecondRegionTableOffset, table);

        byte[] bytes = new byte[VhdxHeader.Size];
        var header = new VhdxHeader(
            SequenceNumber: 0, Guid.NewGuid(), dataWriteGuid, Guid.Empty, LogVersion: 0, VhdxHeader.CurrentVersion,
            LogLength, LogOffset);
        header.WriteTo(bytes);
        _file.Write(VhdxFormat.FirstHeaderOffset, bytes);
        (header with { SequenceNumber = 1 }).WriteTo(bytes);
        _file.Write(VhdxFormat.SecondHeaderOffset, bytes);

        byte[] identifier = new byte[VhdxFileIdentifier.Size];
        new VhdxFileIdentifier(Creator).WriteTo(identifier);
        _file.Write(0, identifier);
    }
}
