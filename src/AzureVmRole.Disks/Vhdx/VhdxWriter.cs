using System.Numerics;
using AzureVmRole.Disks.Copying;
using AzureVmRole.Disks.Files;

namespace AzureVmRole.Disks.Vhdx;

/// <summary>
/// Writes a fixed or dynamic VHDX disk. Blocks follow the tables, in the order in which they are first written (dynamic)
/// or in the disk's order (fixed). The file type identifier is written last: until then the file is no VHDX file.
/// </summary>
public sealed class VhdxWriter : DiskImageWriter
{
    private const int DefaultBlockCount = 4096;
    private const int LargestDefaultBlockSize = 32 << 20;

    private readonly DiskFile _file;
    private readonly VhdxWriterOptions _options;
    private readonly VhdxGeometry _geometry;
    private readonly VhdxTableWriter _tables;
    private readonly VhdxBlockPlaces _places;
    private readonly bool _isFixed;

    /// <summary>Starts a disk in an empty file.</summary>
    /// <param name="file">The file.</param>
    /// <param name="lengthInBytes">The virtual size: a multiple of the logical sector size, at most 64 TiB.</param>
    /// <param name="options">What the disk is like.</param>
    /// <exception cref="DiskOperationException">The format has no such disk.</exception>
    public VhdxWriter(DiskFile file, long lengthInBytes, VhdxWriterOptions options)
    {
        int blockSize = options.BlockSizeInBytes > 0 ? options.BlockSizeInBytes : DefaultBlockSize(lengthInBytes);
        Check(file.Path, lengthInBytes, blockSize, options);
        _file = file;
        _options = options;
        _isFixed = options.Type == VhdType.Fixed;
        LengthInBytes = lengthInBytes;
        _geometry = new VhdxGeometry(lengthInBytes, blockSize, options.LogicalSectorSize);
        _tables = new VhdxTableWriter(file, _geometry);
        _places = new VhdxBlockPlaces(_geometry.PayloadBlockCount);
        if (_isFixed)
        {
            file.SetLength(_tables.BlocksOffset + (_geometry.PayloadBlockCount * blockSize));
        }
    }

    /// <inheritdoc/>
    public override long LengthInBytes { get; }

    /// <inheritdoc/>
    public override int UnitSizeInBytes => _isFixed ? VhdxFormat.MinimumBlockSize : _geometry.BlockSizeInBytes;

    /// <summary>The block size that a disk gets when none is given.</summary>
    public static int DefaultBlockSize(long lengthInBytes) => (int)Math.Clamp(
        (long)BitOperations.RoundUpToPowerOf2((ulong)lengthInBytes / DefaultBlockCount),
        VhdxFormat.MinimumBlockSize, LargestDefaultBlockSize);

    /// <inheritdoc/>
    public override long EstimateFileLength(long dataInBytes) =>
        _tables.BlocksOffset + Math.Min(dataInBytes, LengthInBytes);

    /// <inheritdoc/>
    public override FilePlace? GetFixedPlace(long diskOffset) =>
        _isFixed ? new FilePlace(_file, _tables.BlocksOffset + diskOffset) : null;

    /// <inheritdoc/>
    public override void Write(long diskOffset, ReadOnlySpan<byte> data)
    {
        if (_isFixed)
        {
            _file.Write(_tables.BlocksOffset + diskOffset, data);
            return;
        }

        long place = _places.GetOrAdd(diskOffset / _geometry.BlockSizeInBytes);
        long inBlock = diskOffset % _geometry.BlockSizeInBytes;
        _file.Write(_tables.BlocksOffset + (place * _geometry.BlockSizeInBytes) + inBlock, data);
    }

    /// <inheritdoc/>
    public override void Complete()
    {
        long placeCount = _isFixed ? _geometry.PayloadBlockCount : _places.Count;
        _file.SetLength(_tables.BlocksOffset + (placeCount * _geometry.BlockSizeInBytes));
        _tables.WriteBat(block => _isFixed ? block : _places.Find(block));
        _tables.WriteMetadata(_options);
        _tables.WriteHeaderSection(_options.DataWriteGuid);
    }

    private static void Check(string path, long lengthInBytes, int blockSize, VhdxWriterOptions options)
    {
        if (options.Type is not (VhdType.Fixed or VhdType.Dynamic))
        {
            throw Refuse(ErrorCode.DiskTypeUnsuitable, $"disks of type {options.Type}", "Choose Fixed or Dynamic.");
        }

        if (blockSize is < VhdxFormat.MinimumBlockSize or > VhdxFormat.MaximumBlockSize || !BitOperations.IsPow2(blockSize))
        {
            throw Refuse(
                ErrorCode.InvalidArgument, $"blocks of {blockSize} bytes", "Choose a power of two from 1 MiB to 256 MiB.");
        }

        if (options.LogicalSectorSize is not (512 or 4096) || options.PhysicalSectorSize is not (512 or 4096))
        {
            throw Refuse(
                ErrorCode.InvalidArgument, $"sectors of {options.LogicalSectorSize} and {options.PhysicalSectorSize} bytes",
                "Choose 512 or 4096.");
        }

        if (lengthInBytes is <= 0 or > VhdxFormat.MaximumDiskLength)
        {
            throw Refuse(
                ErrorCode.DiskSizeOutOfRange, $"disks of {lengthInBytes} bytes", "Choose a size above 0 and up to 64 TiB.");
        }

        if (lengthInBytes % options.LogicalSectorSize != 0)
        {
            throw Refuse(
                ErrorCode.DiskSizeUnaligned,
                $"disks of {lengthInBytes} bytes with sectors of {options.LogicalSectorSize}",
                "Choose a size that is a whole number of sectors.");
        }

        DiskOperationException Refuse(ErrorCode code, string what, string action) => new(
            code, path, $"'{path}' cannot be made: VHDX has no {what}.", action);
    }
}
