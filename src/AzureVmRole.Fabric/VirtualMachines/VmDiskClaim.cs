using System.Text.Json.Nodes;
using AzureVmRole.Fabric.Resources;

namespace AzureVmRole.Fabric.VirtualMachines;

/// <summary>A disk that comes to a virtual machine with a request.</summary>
/// <param name="Id">The disk.</param>
/// <param name="Existing">It as it is; null when it is to be made.</param>
/// <param name="Document">What a new disk's desired document is, but for the owner; null for one that exists.</param>
internal sealed record VmDiskClaim(ResourceId Id, Resource? Existing, JsonObject? Document);
