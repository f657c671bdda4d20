using AzureVmRole.Engine.Compute;
using AzureVmRole.Engine.Compute.Connecting;
using AzureVmRole.Engine.Compute.Images;

namespace AzureVmRole.PowerShell.Completion;

/// <summary>Completes the names of images.</summary>
public sealed class VMImageCompleter : FabricNameCompleter
{
    private protected override IAsyncEnumerable<string> NamesAsync(FabricConnection connection, ResourceQuery query, CancellationToken cancellationToken) =>
        VMImages.FindAsync(connection, query, cancellationToken).Select(found => found.ImageName);
}
