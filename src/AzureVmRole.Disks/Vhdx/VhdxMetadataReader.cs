using System.Buffers.Binary;
using System.Numerics;
using AzureVmRole.Disks.Files;

namespace AzureVmRole.Disks.Vhdx;

/// <summary>Reads the metadata region and checks every value that the disk depends on.</summary>
internal sealed class VhdxMetadataReader
{
    private const uint LeaveBlocksAllocatedFlag = 1;
    private const uint HasParentFlag = 2;

    private readonly DiskFile _file;
    private readonly FileRange _region;
    private readonly VhdxMetadataTable _table;

    public VhdxMetadataReader(DiskFile file, FileRange region)
    {
        _file = file;
        _region = region;
        byte[] bytes = new byte[VhdxMetadataTable.Size];
        file.ReadExactly(region.Offset, bytes);
        _table = VhdxMetadataTable.Parse(bytes, file.Path, region.Offset);
        _table.Validate(file.Path, region.Length);
    }

    public VhdxMetadata Read()
    {
        (byte[] parameters, long parametersOffset) = ReadItem(VhdxMetadataItem.FileParameters, "File Parameters", 8);
        uint blockSize = BinaryPrimitives.ReadUInt32LittleEndian(parameters);
        uint flags = BinaryPrimitives.ReadUInt32LittleEndian(parameters.AsSpan(4));
        Require(
            blockSize is >= VhdxFormat.MinimumBlockSize and <= VhdxFormat.MaximumBlockSize && BitOperations.IsPow2(blockSize),
            "BlockSize", parametersOffset, $"{blockSize}", "a power of two from 1 MiB to 256 MiB");
        Require(
            (flags & ~(LeaveBlocksAllocatedFlag | HasParentFlag)) == 0, "File Parameters flags", parametersOffset + 4,
            $"0x{flags:X8}", "no bits besides LeaveBlockAllocated and HasParent");

        int logicalSectorSize = ReadSectorSize(VhdxMetadataItem.LogicalSectorSize, "LogicalSectorSize");
        (byte[] identifier, _) = ReadItem(VhdxMetadataItem.VirtualDiskId, "Virtual Disk ID", 16);
        bool hasParent = (flags & HasParentFlag) != 0;
        return new VhdxMetadata
        {
            BlockSizeInBytes = (int)blockSize,
            LeaveBlocksAllocated = (flags & LeaveBlocksAllocatedFlag) != 0,
            LengthInBytes = ReadLength(logicalSectorSize),
            Identifier = new Guid(identifier),
            LogicalSectorSize = logicalSectorSize,
            PhysicalSectorSize = ReadSectorSize(VhdxMetadataItem.PhysicalSectorSize, "PhysicalSectorSize"),
            ParentLocator = hasParent ? ReadParentLocator() : null,
        };
    }

    private long ReadLength(int logicalSectorSize)
    {
        (byte[] bytes, long fileOffset) = ReadItem(VhdxMetadataItem.VirtualDiskSize, "Virtual Disk Size", 8);
        ulong length = BinaryPrimitives.ReadUInt64LittleEndian(bytes);
        Require(
            length is > 0 and <= (ulong)VhdxFormat.MaximumDiskLength && length % (uint)logicalSectorSize == 0,
            "VirtualDiskSize", fileOffset, $"{length}",
            $"a multiple of the logical sector size {logicalSectorSize} above 0, at most 64 TiB");
        return (long)length;
    }

    private int ReadSectorSize(Guid itemId, string field)
    {
        (byte[] bytes, long fileOffset) = ReadItem(itemId, field, 4);
        uint size = BinaryPrimitives.ReadUInt32LittleEndian(bytes);
        Require(size is 512 or 4096, field, fileOffset, $"{size}", "512 or 4096");
        return (int)size;
    }

    private VhdxParentLocator ReadParentLocator()
    {
        (byte[] bytes, long fileOffset) = ReadItem(VhdxMetadataItem.ParentLocator, "Parent Locator", null);
        return VhdxParentLocator.Parse(bytes, _file.Path, fileOffset);
    }

    private (byte[] Bytes, long FileOffset) ReadItem(Guid itemId, string name, int? length)
    {
        if (_table.Find(itemId) is not { } entry)
        {
            throw VhdxErrors.Invalid(
                ErrorCode.VhdxMetadataInvalid, _file.Path, "Metadata table", _region.Offset, $"without the item {name}",
                $"an entry {{{itemId}}}");
        }

        long fileOffset = _region.Offset + entry.Offset;
        Require(
            length is null || entry.Length == length, $"Length of {name}", fileOffset, $"{entry.Length}", $"{length}");
        byte[] bytes = new byte[entry.Length];
        _file.ReadExactly(fileOffset, bytes);
        return (bytes, fileOffset);
    }

    private void Require(bool condition, string field, long fileOffset, string found, string expected)
    {
        if (!condition)
        {
            throw VhdxErrors.Invalid(ErrorCode.VhdxMetadataInvalid, _file.Path, field, fileOffset, found, expected);
        }
    }
}
