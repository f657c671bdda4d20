namespace AzureVmRole.Fabric.Media;

internal sealed partial class LocationMedia
{
    /// <summary>The blob of this store that an address names; null when the address is a URI of something else.</summary>
    /// <param name="field">The field of the request, for errors.</param>
    /// <param name="address">A name (<c>vhds/base.vhd</c>), or a URI as <see cref="UriOf"/> gives it.</param>
    /// <exception cref="FabricException">The address is malformed, or leads out of the store.</exception>
    public string? TryResolve(string field, string address)
    {
        string? fault = BlobAddressRules.FindFault(address);
        if (fault is not null)
        {
            throw MediaErrors.BadAddress(field, address, fault, "Write container/name, or the file: URI of a blob in the location's store.");
        }

        string? blob = BlobAddressRules.IsUri(address)
            ? Uri.TryCreate(address, UriKind.Absolute, out Uri? uri) && _store.NameOf(uri) is { } name && BlobAddressRules.FindFault(name.ToString()) is null ? name.ToString() : null
            : address;
        try
        {
            _ = blob is null ? null : UriOf(blob);
            return blob;
        }
        catch (TransferException exception)
        {
            throw MediaErrors.BadAddress(field, address, exception.Message.TrimEnd('.'), "Give the blob another name.");
        }
    }

    /// <summary>Refuses a blob whose file or folder is a link: nothing outside the store is read or written.</summary>
    private void CheckLinks(string blob)
    {
        if (!_store.Root.IsFile)
        {
            return;
        }

        string root = _store.Root.LocalPath;
        for (string? path = PathOf(blob); path is not null && path.Length > root.Length; path = Path.GetDirectoryName(path))
        {
            if (new FileInfo(path) is { LinkTarget: not null })
            {
                throw MediaErrors.BadAddress("blob", blob, $"'{path}' is a link out of the store's own files", "Put the file itself into the store with Publish-BaseVhd.");
            }
        }
    }
}
