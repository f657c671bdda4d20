using System.Globalization;
using System.Security.Cryptography;
using AzureVmRole.Engine.Storage;

namespace AzureVmRole.Fabric.Media;

/// <summary>
/// The disks of a location: fixed VHDs as page blobs of its store. A blob is named by its text, <c>container/name</c>. Every change is idempotent:
/// repeated after a kill, it goes on where it was or finds that it is done. What cannot be done is a <see cref="FabricException"/>; a store that is
/// only busy is a <see cref="TransferException"/>, and worth another try.
/// </summary>
internal sealed partial class LocationMedia
{
    /// <summary>The container of the disks that the fabric makes.</summary>
    public const string DiskContainer = "vhds";

    /// <summary>The metadata that says what a VHD's content is: <c>Generalized</c> or <c>Specialized</c>.</summary>
    public const string ContentStateKey = "azvmrole_osstate";

    private const int LongestNameInBlob = 80;

    private readonly IBlobStore _store;
    private readonly TimeProvider _clock;
    private volatile bool _hasContainer;

    /// <summary>Looks at a store that somebody else opened, and closes.</summary>
    /// <param name="location">The location.</param>
    /// <param name="store">Its store.</param>
    /// <param name="clock">What the footers of new disks are dated by.</param>
    public LocationMedia(string location, IBlobStore store, TimeProvider clock)
    {
        Location = location;
        _store = store;
        _clock = clock;
    }

    /// <summary>The location.</summary>
    public string Location { get; }

    /// <summary>The store.</summary>
    public IBlobStore Store => _store;

    /// <summary>A name for the blob of a new disk: <c>vhds/web1-os-1f00c2a9.vhd</c>. Save it before the blob is made.</summary>
    public static string NewBlobName(string resourceName) => string.Create(
        CultureInfo.InvariantCulture,
        $"{DiskContainer}/{resourceName[..Math.Min(resourceName.Length, LongestNameInBlob)]}-{RandomNumberGenerator.GetHexString(8, lowercase: true)}.vhd");

    /// <summary>A blob's address as answers give it: a <c>file:</c> URI for a folder store.</summary>
    public Uri UriOf(string blob) => _store.GetUri(Parse(blob));

    /// <summary>The absolute path of a blob's file.</summary>
    public string PathOf(string blob) => UriOf(blob).LocalPath;

    private static BlobName Parse(string blob)
    {
        int slash = blob.IndexOf('/', StringComparison.Ordinal);
        return new BlobName(blob[..slash], blob[(slash + 1)..]);
    }

    private async Task<BlobProperties?> FindAsync(string blob, CancellationToken cancellationToken)
    {
        try
        {
            return await _store.FindAsync(Parse(blob), null, cancellationToken).ConfigureAwait(false);
        }
        catch (TransferException exception) when (exception.Code == ErrorCode.ContainerNotFound)
        {
            return null;
        }
    }
}
