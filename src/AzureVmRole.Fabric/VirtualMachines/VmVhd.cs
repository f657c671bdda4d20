namespace AzureVmRole.Fabric.VirtualMachines;

/// <summary>A VHD in storage that was looked at before a request is accepted.</summary>
/// <param name="Uri">The blob's address in the spelling that documents have.</param>
/// <param name="Refusal">Why it cannot be a disk; null when it can.</param>
internal sealed record VmVhd(string Uri, FabricException? Refusal);
