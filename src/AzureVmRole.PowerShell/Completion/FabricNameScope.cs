using AzureVmRole.Engine.Compute;

namespace AzureVmRole.PowerShell.Completion;

/// <summary>What is to be completed, and what the other parameters say about it.</summary>
/// <param name="Word">The letters that are there.</param>
/// <param name="ResourceGroupName">The resource group; null for none given.</param>
/// <param name="Location">The location; null for none given.</param>
internal sealed record FabricNameScope(string Word, string? ResourceGroupName, string? Location)
{
    /// <summary>The resources whose names begin so.</summary>
    public ResourceQuery Query => new() { Name = Word + "*", ResourceGroupName = ResourceGroupName };
}
