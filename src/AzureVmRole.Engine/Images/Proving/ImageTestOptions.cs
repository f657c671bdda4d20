namespace AzureVmRole.Engine.Images.Proving;

/// <summary>How an image is tested.</summary>
public sealed record ImageTestOptions
{
    /// <summary>The absolute path of the disk, which is only read; <see cref="RegisteredImage"/> finds that of an image.</summary>
    public string Path { get; init; } = "";

    /// <summary>The registered image that it is the disk of; null for a file.</summary>
    public string? ImageName { get; init; }

    /// <summary>Its operating system. Default Linux.</summary>
    public OSKind OSType { get; init; }

    /// <summary>The generation that it is tested for; null for what the disk's partitions say.</summary>
    public DiskGeneration? Generation { get; init; }

    /// <summary>The controller of the OS disk. Default SCSI; NVMe is for generation 2 only.</summary>
    public DiskControllerType DiskControllerType { get; init; }

    /// <summary>Whether it is booted, too.</summary>
    public bool Boot { get; init; }

    /// <summary>How long the guest may take to be ready. Default 20 minutes, Azure's own limit.</summary>
    public TimeSpan Timeout { get; init; } = TimeSpan.FromMinutes(20);

    /// <summary>The guest's memory in MiB. Default 1024.</summary>
    public int MemoryInMB { get; init; } = 1024;

    /// <summary>The guest's processors. Default 2.</summary>
    public int ProcessorCount { get; init; } = 2;

    /// <summary>The absolute path of a file that gets the text of the console; null for none. An existing one is replaced.</summary>
    public string? ConsolePath { get; init; }

    /// <summary>The absolute path of a file that gets the last screen; null for none. An existing one is replaced.</summary>
    public string? ScreenPath { get; init; }

    /// <summary>Gets lines of the console and steps, and what is waited for; null for nobody.</summary>
    public IOperationLog? Log { get; init; }

    /// <summary>The program that boots, with the arguments that come first; null for the module's own.</summary>
    internal IReadOnlyList<string>? Program { get; init; }
}
