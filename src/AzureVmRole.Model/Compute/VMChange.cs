namespace AzureVmRole;

/// <summary>One change of an instance's disks that Update-VMInstance is to make.</summary>
public sealed record VMChange
{
    /// <summary>What is to be done.</summary>
    public required VMChangeKind Kind { get; init; }

    /// <summary>The data disk's LUN; null for the OS disk.</summary>
    public int? Lun { get; init; }

    /// <summary>The wanted caching; null where it does not matter.</summary>
    public HostCaching? HostCaching { get; init; }

    /// <summary>The name of the data disk to add.</summary>
    public string? DiskName { get; init; }

    /// <summary>The label of the data disk to add.</summary>
    public string? DiskLabel { get; init; }

    /// <summary>The size in GiB of a data disk that is made empty; null for one that exists.</summary>
    public int? SizeInGB { get; init; }

    /// <summary>The VHD to register as a disk, as the user named it, without a signature; null for other disks.</summary>
    public string? MediaLocation { get; init; }

    /// <summary>The resource id of an existing disk, where it is known already.</summary>
    public string? DiskId { get; init; }

    /// <summary>The change as a line of a difference.</summary>
    public override string ToString() => Kind switch
    {
        VMChangeKind.SetOSDisk => $"~ OS disk: caching {HostCaching}",
        VMChangeKind.AddDataDisk when SizeInGB is { } size => $"+ data disk LUN {Lun}: '{DiskName}', new, {size} GiB, caching {HostCaching}",
        VMChangeKind.AddDataDisk when MediaLocation is { } media => $"+ data disk LUN {Lun}: '{DiskName}' from '{media}', caching {HostCaching}",
        VMChangeKind.AddDataDisk => $"+ data disk LUN {Lun}: '{DiskName}', caching {HostCaching}",
        VMChangeKind.SetDataDisk => $"~ data disk LUN {Lun}: caching {HostCaching}",
        _ => $"- data disk LUN {Lun}: '{DiskName}' is detached",
    };
}
