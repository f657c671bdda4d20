using System.Numerics;
using AzureVmRole.Disks.Files;
using AzureVmRole.Disks.Raw;
using AzureVmRole.Disks.Vhd;
using AzureVmRole.Disks.Vhdx;

namespace AzureVmRole.Disks.Copying;

/// <summary>What a new disk image should be, whatever is copied into it.</summary>
public sealed record DiskTarget
{
    private const long Mebibyte = 1 << 20;

    /// <summary>The absolute path that the image will have.</summary>
    public required string Path { get; init; }

    /// <summary>The file format: VHD, VHDX or raw.</summary>
    public required VhdFormat Format { get; init; }

    /// <summary>Fixed or dynamic.</summary>
    public required VhdType Type { get; init; }

    /// <summary>The virtual size in bytes.</summary>
    public required long SizeInBytes { get; init; }

    /// <summary>The block size of a dynamic image in bytes; null for the format's default.</summary>
    public long? BlockSizeInBytes { get; init; }

    /// <summary>The logical sector size in bytes.</summary>
    public int LogicalSectorSize { get; init; } = 512;

    /// <summary>The unique id that the image gets; null for a new one. An image with the same content may keep it.</summary>
    public Guid? Identifier { get; init; }

    /// <summary>The physical sector size in bytes that a VHDX tells the guest; null for the format's default.</summary>
    public int? PhysicalSectorSize { get; init; }

    /// <summary>By what the children of a VHDX know its content; null for a new one.</summary>
    public Guid? DataWriteGuid { get; init; }

    /// <summary>An image that takes the place of a disk: the same kind, under the same ids.</summary>
    /// <param name="disk">The disk.</param>
    /// <param name="sizeInBytes">The virtual size: with the disk's own, its children stay valid.</param>
    public static DiskTarget ReplacementOf(VirtualDisk disk, long sizeInBytes) => new()
    {
        Path = disk.Path,
        Format = disk.Format,
        Type = disk.Type,
        SizeInBytes = sizeInBytes,
        BlockSizeInBytes = disk.Type == VhdType.Dynamic ? disk.BlockSizeInBytes : null,
        LogicalSectorSize = disk.LogicalSectorSize,
        PhysicalSectorSize = disk.PhysicalSectorSize,
        Identifier = disk.Identifier,
        DataWriteGuid = sizeInBytes == disk.LengthInBytes ? (disk as VhdxDisk)?.DataWriteGuid : null,
    };

    /// <summary>Checks that the format can hold such an image.</summary>
    /// <exception cref="DiskOperationException">The first thing that the format does not allow.</exception>
    public void Validate()
    {
        if (Format is not (VhdFormat.Vhd or VhdFormat.Vhdx or VhdFormat.Raw))
        {
            throw new DiskOperationException(
                ErrorCode.DiskFormatUnsupported, Path, $"'{Path}' would be a {Format} image, which this module only reads.",
                "Give a file name that ends in .vhd, .vhdx or .raw, or name the format.");
        }

        if (Type is not (VhdType.Fixed or VhdType.Dynamic) || (Type == VhdType.Dynamic && Format == VhdFormat.Raw))
        {
            throw new DiskOperationException(
                ErrorCode.DiskTypeUnsuitable, Path, $"'{Path}' cannot be a {Type} {Format} image.",
                Format == VhdFormat.Raw
                    ? "A raw image is always fixed; choose VHD or VHDX for a dynamic one."
                    : "Choose fixed or dynamic; a difference is made with New-DifferencingVhd.");
        }

        ValidateSize();
        ValidateBlockSize();
        if (LogicalSectorSize != 512 && (LogicalSectorSize != 4096 || Format != VhdFormat.Vhdx))
        {
            throw new DiskOperationException(
                ErrorCode.InvalidArgument, Path, $"'{Path}' would be a {Format} image with logical sectors of {LogicalSectorSize} bytes.",
                "Use 512 bytes; VHDX also knows 4096.");
        }
    }

    /// <summary>Starts the image in an empty file.</summary>
    public DiskImageWriter CreateWriter(DiskFile file, TimeProvider clock)
    {
        Guid identifier = Identifier ?? Guid.NewGuid();
        if (Format == VhdFormat.Raw)
        {
            return new RawWriter(file, SizeInBytes);
        }

        if (Format == VhdFormat.Vhdx)
        {
            return new VhdxWriter(file, SizeInBytes, new VhdxWriterOptions
            {
                Type = Type,
                BlockSizeInBytes = (int)(BlockSizeInBytes ?? 0),
                LogicalSectorSize = LogicalSectorSize,
                PhysicalSectorSize = PhysicalSectorSize ?? 4096,
                Identifier = identifier,
                DataWriteGuid = DataWriteGuid ?? Guid.NewGuid(),
            });
        }

        var footer = VhdFooter.Create(Type, SizeInBytes, identifier, clock.GetUtcNow().UtcDateTime);
        return Type == VhdType.Fixed
            ? new FixedVhdWriter(file, footer)
            : new DynamicVhdWriter(file, footer, (int)(BlockSizeInBytes ?? VhdFormatConstants.DefaultBlockSize));
    }

    private void ValidateSize()
    {
        // Azure takes whole MiB only, and every VHD made here is meant for Azure.
        long unit = Format == VhdFormat.Vhd ? Mebibyte : LogicalSectorSize;
        long largest = Format switch
        {
            VhdFormat.Vhd => VhdFormatConstants.MaximumSize,
            VhdFormat.Vhdx => 64L << 40,
            _ => long.MaxValue,
        };
        if (SizeInBytes <= 0 || SizeInBytes > largest)
        {
            throw new DiskOperationException(
                ErrorCode.DiskSizeOutOfRange, Path,
                $"'{Path}' would be a {Format} image of {SizeInBytes} bytes; the format allows {unit} to {largest} bytes.",
                "Give a size in that range.");
        }

        if (SizeInBytes % unit != 0)
        {
            throw new DiskOperationException(
                ErrorCode.DiskSizeUnaligned, Path,
                $"'{Path}' would be a {Format} image of {SizeInBytes} bytes; the size must be a whole number of {(unit == Mebibyte ? "MiB (1,048,576 bytes)" : $"sectors ({unit} bytes)")}.",
                $"Use {(SizeInBytes + unit - 1) / unit * unit} bytes.");
        }
    }

    private void ValidateBlockSize()
    {
        if (BlockSizeInBytes is not { } size)
        {
            return;
        }

        (long smallest, long largest) = Format == VhdFormat.Vhd
            ? (512L << 10, 2L << 20)
            : (Mebibyte, 256 * Mebibyte);
        if (Type != VhdType.Dynamic || Format == VhdFormat.Raw || !BitOperations.IsPow2(size) || size < smallest || size > largest)
        {
            throw new DiskOperationException(
                ErrorCode.InvalidArgument, Path,
                $"'{Path}' would be a {Type} {Format} image with blocks of {size} bytes.",
                $"Leave the block size out, or give a power of two from {smallest} to {largest} for a dynamic VHD or VHDX.");
        }

        if (Format == VhdFormat.Vhd && !DynamicVhdWriter.CanHold(SizeInBytes, (int)size))
        {
            throw new DiskOperationException(
                ErrorCode.InvalidArgument, Path,
                $"A VHD of {SizeInBytes} bytes in blocks of {size} bytes was asked for; full, its file would be longer than the table can address.",
                "Leave the block size out, or give a larger one.");
        }
    }
}
