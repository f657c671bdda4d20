using System.Buffers.Binary;
using System.Globalization;
using AzureVmRole.Engine.Storage;

namespace AzureVmRole.KillTarget;

/// <summary>Work on a folder store that several processes do at once, or in which one is killed.</summary>
internal static class StoreOperation
{
    public const string Container = "vhds";
    private const int Page = 512;
    private const int BlobLength = 256 * 1024;
    private const string CountKey = "count";

    /// <summary>Counts in a blob's pages under a lease, and in its metadata under ETag conditions.</summary>
    public static async Task CountAsync(string folder, string name, int rounds, CancellationToken cancellationToken)
    {
        await using IBlobStore store = Open(folder);
        var blob = new BlobName(Container, name);
        for (int round = 0; round < rounds; round++)
        {
            string lease = Guid.NewGuid().ToString();
            while (!await TryAsync(ErrorCode.BlobLeased, () => store.AcquireLeaseAsync(blob, lease, null, default, cancellationToken)))
            {
                await Task.Yield();
            }

            byte[] page = new byte[Page];
            await store.ReadAsync(blob, null, 0, page, default, cancellationToken);
            BinaryPrimitives.WriteInt64LittleEndian(page, BinaryPrimitives.ReadInt64LittleEndian(page) + 1);
            await store.WritePagesAsync(blob, 0, page, new BlobConditions { LeaseId = lease }, cancellationToken);
            await store.ReleaseLeaseAsync(blob, lease, cancellationToken);
        }

        blob = new BlobName(Container, name + ".free");
        for (int round = 0; round < rounds; round++)
        {
            while (!await TryAsync(ErrorCode.BlobChanged, () => CountInMetadataAsync(store, blob, cancellationToken)))
            {
                await Task.Yield();
            }
        }
    }

    /// <summary>Makes, fills, leases, copies, snapshots, replaces and deletes blobs until the process is killed.</summary>
    public static async Task ChurnAsync(string folder, CancellationToken cancellationToken)
    {
        await using IBlobStore store = Open(folder);
        byte[] data = new byte[BlobLength];
        data.AsSpan().Fill(0xA5);
        for (int index = 0; ; index++)
        {
            var blob = new BlobName(Container, string.Create(CultureInfo.InvariantCulture, $"churn/{index % 5}.vhd"));
            var copy = new BlobName(Container, blob.Name + ".copy");
            string lease = Guid.NewGuid().ToString();
            var held = new BlobConditions { LeaseId = lease };
            await store.CreateAsync(blob, BlobLength, new Dictionary<string, string>(StringComparer.Ordinal), default, cancellationToken);
            await store.AcquireLeaseAsync(blob, lease, TimeSpan.FromSeconds(15), default, cancellationToken);
            await store.WritePagesAsync(blob, 0, data, held, cancellationToken);
            await store.CreateSnapshotAsync(blob, held, cancellationToken);
            await store.StartCopyAsync(copy, await store.GetCopySourceAsync(blob, null, null, cancellationToken), null, default, cancellationToken);
            await store.CreateAsync(blob, BlobLength / 2, new Dictionary<string, string>(StringComparer.Ordinal), held, cancellationToken);
            if (index % 3 == 0)
            {
                await store.DeleteAsync(blob, null, true, held, cancellationToken);
            }
            else
            {
                await store.ReleaseLeaseAsync(blob, lease, cancellationToken);
            }
        }
    }

    private static IBlobStore Open(string folder) => BlobStores.OpenStore(null, new StoreConnection { FolderPath = folder }, mayCreate: true);

    private static async Task CountInMetadataAsync(IBlobStore store, BlobName blob, CancellationToken cancellationToken)
    {
        BlobProperties? found = await store.FindAsync(blob, null, cancellationToken);
        long count = long.Parse(found?.Metadata[CountKey] ?? "", CultureInfo.InvariantCulture);
        var metadata = new Dictionary<string, string>(StringComparer.Ordinal) { [CountKey] = (count + 1).ToString(CultureInfo.InvariantCulture) };
        await store.SetMetadataAsync(blob, metadata, new BlobConditions { IfMatch = found?.ETag }, cancellationToken);
    }

    private static async Task<bool> TryAsync(ErrorCode expected, Func<Task> action)
    {
        try
        {
            await action();
            return true;
        }
        catch (TransferException exception) when (exception.Code == expected)
        {
            return false;
        }
    }
}
