namespace AzureVmRole.Engine.Storage.Publishing;

/// <summary>What is published where. The disk may be of any readable format, or the top of a chain.</summary>
public sealed record PublishOptions
{
    /// <summary>The absolute path of the disk.</summary>
    public required string SourcePath { get; init; }

    /// <summary>The address of the blob that the disk becomes.</summary>
    public required string Destination { get; init; }

    /// <summary>
    /// The address of a base that was published before, and that the disk is a difference on: the service copies it, and only
    /// what the difference changes is sent. Null sends everything.
    /// </summary>
    public string? BaseImage { get; init; }

    /// <summary>Whether a blob that is there, or the half upload of another disk, is replaced.</summary>
    public bool Overwrite { get; init; }

    /// <summary>Whether a disk is published although the readiness test finds errors, or would.</summary>
    public bool SkipReadinessTest { get; init; }

    /// <summary>The generation of virtual machine that the disk is meant for; null takes what its partitions say.</summary>
    public DiskGeneration? Generation { get; init; }

    /// <summary>Whether the disk is a data disk: no system partition is needed and the larger size limit holds.</summary>
    public bool IsDataDisk { get; init; }

    /// <summary>Whether the content is read back and compared also where the store checks what arrives.</summary>
    public bool Verify { get; init; }

    /// <summary>Whether the MD5 of the whole blob is noted with it, as azcopy's --put-md5 does; takes a pass over the whole disk.</summary>
    public bool SetContentMd5 { get; init; }

    /// <summary>How stores are reached.</summary>
    public StoreConnection Connection { get; init; } = new();

    /// <summary>The clock of leases and checkpoints.</summary>
    internal TimeProvider Clock { get; init; } = TimeProvider.System;

    /// <summary>Where journals of uploads are kept.</summary>
    internal string UploadsPath { get; init; } = HomeFolder.UploadsPath;
}
