using System.Runtime.CompilerServices;
using Azure.ResourceManager.Compute;
using Azure.ResourceManager.Compute.Models;
using Azure.ResourceManager.Resources;
using Azure.ResourceManager.Resources.Models;
using AzureVmRole.Engine.Compute.Connecting;

namespace AzureVmRole.Engine.Compute;

/// <summary>Where instances can be, and how large: what users choose from.</summary>
public static class FabricPlaces
{
    /// <summary>The names of the locations.</summary>
    /// <exception cref="FabricException">As the service says.</exception>
    public static IAsyncEnumerable<string> LocationsAsync(FabricConnection connection, CancellationToken cancellationToken) => ReadAsync(
        connection, "locations", connection.Subscription().GetLocationsAsync(cancellationToken: cancellationToken), static (LocationExpanded location) => location.Name, cancellationToken);

    /// <summary>The names of the resource groups.</summary>
    /// <exception cref="FabricException">As the service says.</exception>
    public static IAsyncEnumerable<string> GroupsAsync(FabricConnection connection, CancellationToken cancellationToken) => ReadAsync(
        connection, "resource groups", connection.Subscription().GetResourceGroups().GetAllAsync(cancellationToken: cancellationToken),
        static (ResourceGroupResource group) => group.Data.Name, cancellationToken);

    /// <summary>The names of the sizes that instances of a location can have.</summary>
    /// <param name="connection">Who is asked.</param>
    /// <param name="location">The location; null for the connection's own.</param>
    /// <param name="cancellationToken">Ends the work.</param>
    /// <exception cref="FabricException">As the service says.</exception>
    public static IAsyncEnumerable<string> SizesAsync(FabricConnection connection, string? location, CancellationToken cancellationToken) => ReadAsync(
        connection, "sizes", connection.Subscription().GetVirtualMachineSizesAsync(location ?? connection.State.Location, cancellationToken),
        static (VirtualMachineSize size) => size.Name, cancellationToken);

    private static async IAsyncEnumerable<string> ReadAsync<T>(
        FabricConnection connection, string what, Azure.AsyncPageable<T> pages, Func<T, string> nameOf, [EnumeratorCancellation] CancellationToken cancellationToken)
        where T : notnull
    {
        IAsyncEnumerator<T> reader = pages.GetAsyncEnumerator(cancellationToken);
        await using (reader.ConfigureAwait(false))
        {
            while (await FabricFailures.AskAsync(
                connection, "list", what, async _ => await reader.MoveNextAsync().ConfigureAwait(false), cancellationToken).ConfigureAwait(false))
            {
                yield return nameOf(reader.Current);
            }
        }
    }
}
