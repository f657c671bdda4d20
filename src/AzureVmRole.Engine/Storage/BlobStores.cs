using AzureVmRole.Engine.Storage.Azure;
using AzureVmRole.Engine.Storage.Folder;

namespace AzureVmRole.Engine.Storage;

/// <summary>
/// Opens what an address names: <c>vhds/base.vhd</c> in the connected store, <c>file:///…/store/vhds/base.vhd</c> in a folder
/// store, <c>https://account.blob.core.windows.net/vhds/base.vhd</c> with or without a shared access signature, or Azurite's
/// <c>http://127.0.0.1:10000/devstoreaccount1/vhds/base.vhd</c>. Nothing is asked of a service yet.
/// </summary>
public static class BlobStores
{
    /// <summary>Opens the store that an address lies in. The caller disposes it.</summary>
    /// <param name="address">A container or a blob; with <c>?snapshot=</c> one snapshot of it.</param>
    /// <param name="connection">The connected store, and what authorises requests.</param>
    /// <param name="mayCreate">Whether a folder store is made where none is. Else the default store is empty until then, and any other folder is refused.</param>
    /// <exception cref="TransferException">AddressInvalid; AuthenticationFailed when a key is malformed; StoreUnreachable when a folder holds no store.</exception>
    public static OpenedBlob Open(string address, StoreConnection connection, bool mayCreate = false)
    {
        var parsed = BlobAddress.Parse(address);
        return new OpenedBlob(OpenStore(parsed, connection, mayCreate), parsed.Container, parsed.Name, parsed.Snapshot);
    }

    /// <summary>Opens a store for listings. The caller disposes it.</summary>
    /// <param name="address">The store's address, or that of anything in it; null for the connected store.</param>
    /// <param name="connection">The connected store, and what authorises requests.</param>
    /// <param name="mayCreate">Whether a folder store is made where none is. Else the default store is empty until then, and any other folder is refused.</param>
    /// <exception cref="TransferException">AddressInvalid; AuthenticationFailed when a key is malformed; StoreUnreachable when a folder holds no store.</exception>
    public static IBlobStore OpenStore(string? address, StoreConnection connection, bool mayCreate = false) =>
        OpenStore(string.IsNullOrWhiteSpace(address) ? new BlobAddress() : BlobAddress.Parse(address), connection, mayCreate);

    private static IBlobStore OpenStore(BlobAddress address, StoreConnection connection, bool mayCreate) => address switch
    {
        { Account: { } account } => OpenAccount(account, AzureAuthorization.Choose(account, address.Signature, connection), connection),
        { FolderPath: { } path } => OpenFolder(path, connection, mayCreate),
        _ when !string.IsNullOrWhiteSpace(connection.ConnectionString) => OpenConnected(AzureAccount.Parse(connection.ConnectionString, connection.ConnectionStringGiver), connection),
        _ => OpenFolder(connection.FolderPath ?? HomeFolder.DefaultStorePath, connection, mayCreate),
    };

    private static AzureBlobStore OpenConnected(AzureAccount account, StoreConnection connection) => OpenAccount(
        account.Endpoint, AzureAuthorization.FromAccount(account) ?? AzureAuthorization.Choose(account.Endpoint, null, connection), connection);

    private static AzureBlobStore OpenAccount(Uri account, AzureAuthorization authorization, StoreConnection connection)
    {
        if (account.Scheme == Uri.UriSchemeHttp && !account.IsLoopback)
        {
            connection.Log?.WriteWarning($"'{account.AbsoluteUri}' is reached without encryption: others on the network can read what is sent.");
        }

        return new AzureBlobStore(account, authorization, connection, TimeProvider.System, connection.RetryTimes);
    }

    private static FolderBlobStore OpenFolder(string path, StoreConnection connection, bool mayCreate)
    {
        if (mayCreate || FolderStorePath.HoldsStore(path))
        {
            return FolderBlobStore.Open(path, TimeProvider.System, connection.NumberOfThreads);
        }

        return path == HomeFolder.DefaultStorePath ? FolderBlobStore.OpenEmpty(path, TimeProvider.System) : throw FolderErrors.NoStore(path);
    }
}
