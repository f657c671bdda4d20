using Azure.Core;
using AzureVmRole.Engine.Compute.Connecting;
using AzureVmRole.Engine.Storage;

namespace AzureVmRole.Engine.Compute;

/// <summary>How names and addresses of users become what Azure Resource Manager takes.</summary>
internal static class Addresses
{
    /// <summary>The URI of a VHD that the user named: <c>vhds/base.vhd</c> in the connection's store, or any address, without a signature.</summary>
    /// <exception cref="FabricException">RequestInvalid: it is no blob, or no storage account was given.</exception>
    public static async Task<Uri> BlobUriAsync(FabricConnection connection, string address)
    {
        if (!connection.IsLocal && !address.Contains("://", StringComparison.Ordinal))
        {
            return connection.State.Store is { } account
                ? new Uri(new Uri(account.TrimEnd('/') + "/"), address)
                : throw Invalid(address, $"'{address}' is a name in a store, but the connection names no storage account.", "Give a whole address, or connect with -StorageAccount.");
        }

        OpenedBlob opened = BlobStores.Open(address, connection.Store(log: null));
        await using (opened.ConfigureAwait(false))
        {
            return opened.Name is not null
                ? opened.Store.GetUri(opened.RequireBlob())
                : throw Invalid(address, $"'{address}' names a container, a VHD is needed.", "Give the name of a blob: vhds/base.vhd.");
        }
    }

    /// <summary>The resource group in an id; empty for none.</summary>
    public static string GroupOf(string? id) => id is null ? "" : new ResourceIdentifier(id).ResourceGroupName ?? "";

    /// <summary>The last part of an id; null for none.</summary>
    public static string? NameOf(string? id) => id?[(id.LastIndexOf('/') + 1)..];

    /// <summary>An address without what authorises its use.</summary>
    public static Uri? WithoutQuery(Uri? uri) =>
        uri is { IsAbsoluteUri: true, Query.Length: > 0 } ? new UriBuilder(uri) { Query = "" }.Uri : uri;

    private static FabricException Invalid(string target, string message, string action) => new(ErrorCode.RequestInvalid, target, message, action);
}
