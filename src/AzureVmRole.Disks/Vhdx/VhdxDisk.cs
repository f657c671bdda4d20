using AzureVmRole.Disks.Files;

namespace AzureVmRole.Disks.Vhdx;

/// <summary>
/// A VHDX disk ([MS-VHDX]): fixed, dynamic or differencing. A log that was not applied is applied in memory; the file is
/// never written.
/// </summary>
public sealed partial class VhdxDisk : VirtualDisk
{
    private readonly VhdxMetadata _metadata;
    private readonly VhdxGeometry _geometry;
    private readonly VhdxBlockTable _blocks;
    private readonly VhdxDisk? _parent;

    internal VhdxDisk(
        DiskFile file, string creator, VhdxHeader header, VhdxMetadata metadata, VhdxBlockTable blocks, VhdxDisk? parent)
        : base(file, metadata.LengthInBytes)
    {
        _metadata = metadata;
        _geometry = metadata.Geometry;
        _blocks = blocks;
        _parent = parent;
        Creator = creator;
        FileWriteGuid = header.FileWriteGuid;
        DataWriteGuid = header.DataWriteGuid;
    }

    /// <inheritdoc/>
    public override VhdFormat Format => VhdFormat.Vhdx;

    /// <inheritdoc/>
    public override VhdType Type =>
        _parent is not null ? VhdType.Differencing
        : _metadata.LeaveBlocksAllocated ? VhdType.Fixed
        : VhdType.Dynamic;

    /// <inheritdoc/>
    public override int LogicalSectorSize => _metadata.LogicalSectorSize;

    /// <inheritdoc/>
    public override int PhysicalSectorSize => _metadata.PhysicalSectorSize;

    /// <inheritdoc/>
    public override long BlockSizeInBytes => _metadata.BlockSizeInBytes;

    /// <summary>The Virtual Disk ID: what SCSI page 83 shows to the guest.</summary>
    public override Guid Identifier => _metadata.Identifier;

    /// <inheritdoc/>
    public override string Creator { get; }

    /// <inheritdoc/>
    public override VirtualDisk? Parent => _parent;

    /// <summary>Changes whenever the file is written.</summary>
    public Guid FileWriteGuid { get; }

    /// <summary>Changes whenever the guest's data is written; a child names its parent by it.</summary>
    public Guid DataWriteGuid { get; }

    /// <summary>Whether the file says that it is a VHDX file.</summary>
    internal static bool IsVhdx(DiskFile file)
    {
        Span<byte> signature = stackalloc byte[VhdxFormat.FileSignature.Length];
        if (file.Length < signature.Length)
        {
            return false;
        }

        file.ReadExactly(0, signature);
        return signature.SequenceEqual(VhdxFormat.FileSignature);
    }

    /// <summary>Opens a disk and its parents.</summary>
    /// <exception cref="DiskFormatException">The file breaks the rules of the format.</exception>
    /// <exception cref="DiskOperationException">A parent is missing or another disk.</exception>
    internal static VhdxDisk Open(DiskFile file, DiskChain chain)
    {
        var findings = new List<DiskFinding>();
        byte[] identifier = new byte[VhdxFileIdentifier.Size];
        file.ReadExactly(0, identifier);
        string creator = VhdxFileIdentifier.Parse(identifier, file.Path, 0).Creator;
        VhdxHeader header = VhdxHeaderSection.ReadHeader(file, findings);
        VhdxLogReplay.Run(file, header, findings);
        VhdxRegionTable regions = VhdxHeaderSection.ReadRegionTable(file, header.Log, findings);
        FileRange metadataRegion = regions.Find(VhdxFormat.MetadataRegion, "metadata", file.Path);
        FileRange batRegion = regions.Find(VhdxFormat.BatRegion, "BAT", file.Path);
        VhdxMetadata metadata = new VhdxMetadataReader(file, metadataRegion).Read();
        var blocks = new VhdxBlockTable(
            file, batRegion, metadata.Geometry, metadata.ParentLocator is not null, ListReserved(header, regions));
        VhdxDisk? parent = metadata.ParentLocator is { } locator
            ? VhdxParentReader.Open(file.Path, metadata, locator, chain)
            : null;
        return new VhdxDisk(file, creator, header, metadata, blocks, parent) { Findings = findings };
    }

    private static List<(FileRange Range, string Name)> ListReserved(VhdxHeader header, VhdxRegionTable regions)
    {
        var reserved = new List<(FileRange, string)>
        {
            (new FileRange(0, VhdxFormat.HeaderSectionSize), "header section"),
            (header.Log, "log"),
        };
        reserved.AddRange(regions.Entries.Select(entry => (entry.Range, $"region {{{entry.Region}}}")));
        return reserved;
    }
}
