namespace AzureVmRole.Engine.Images.Readiness;

/// <summary>What a disk is tested for.</summary>
public sealed record ReadinessTestOptions
{
    /// <summary>The absolute path of the disk.</summary>
    public required string Path { get; init; }

    /// <summary>The generation of virtual machine it is meant for; null takes what the disk's partitions say.</summary>
    public DiskGeneration? Generation { get; init; }

    /// <summary>Whether the disk is a data disk: no system partition is needed and the larger size limit holds.</summary>
    public bool IsDataDisk { get; init; }
}
