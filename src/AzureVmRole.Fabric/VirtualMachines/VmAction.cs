namespace AzureVmRole.Fabric.VirtualMachines;

/// <summary>One thing that the controller does for a virtual machine; doing it twice is doing it once.</summary>
internal abstract record VmAction
{
    private VmAction()
    {
    }

    /// <summary>Finds a host with room, and notes it with the boot that comes next.</summary>
    /// <param name="Size">The size.</param>
    /// <param name="Boot">The boot that is begun there; null when the place is all that is wanted.</param>
    /// <param name="AvoidHost">A host to leave out where there is another; null for none.</param>
    internal sealed record Place(string Size, long? Boot, string? AvoidHost) : VmAction;

    /// <summary>Has the host keep a place of another size.</summary>
    internal sealed record Resize(string Size) : VmAction;

    /// <summary>Leases a disk's blob to the virtual machine.</summary>
    internal sealed record LeaseDisk(VmAttachment Disk) : VmAction;

    /// <summary>Gives a disk back: no lease, no owner.</summary>
    internal sealed record ReleaseDisk(string DiskId) : VmAction;

    /// <summary>Begins a boot, after noting it.</summary>
    internal sealed record StartGuest(long Boot) : VmAction;

    /// <summary>Ends the boot that runs.</summary>
    internal sealed record StopGuest(bool IsForced) : VmAction;

    /// <summary>Gives the running guest a disk, or the same one with other caching.</summary>
    internal sealed record AttachDisk(VmAttachment Disk) : VmAction;

    /// <summary>Takes a disk from the running guest.</summary>
    internal sealed record DetachDisk(int Lun) : VmAction;

    /// <summary>Has the host forget the instance, and gives its place back.</summary>
    internal sealed record RemoveFromHost : VmAction;

    /// <summary>Notes what the host says.</summary>
    internal sealed record NoteReport : VmAction;

    /// <summary>Copies the OS disk to the VHD that a capture names.</summary>
    internal sealed record CopyOSDisk(string Blob) : VmAction;

    /// <summary>Deletes what a capture that did not come to its end has made.</summary>
    /// <param name="Blob">The VHD.</param>
    /// <param name="UniqueId">The id that it got; a VHD with another one stays.</param>
    internal sealed record DropCapture(string Blob, Guid UniqueId) : VmAction;

    /// <summary>Notes that the generation is reached, or why it cannot be, and ends its operations.</summary>
    /// <param name="FaultCode">Azure's error code; null for success.</param>
    /// <param name="FaultMessage">Why it failed; null for success.</param>
    internal sealed record Settle(string? FaultCode = null, string? FaultMessage = null) : VmAction;

    /// <summary>Removes the resource, after everything else was given back.</summary>
    internal sealed record Forget : VmAction;
}
