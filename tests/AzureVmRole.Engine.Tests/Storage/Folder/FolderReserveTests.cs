using System.Security.Cryptography;
using AzureVmRole.Engine.Storage;
using AzureVmRole.Engine.Storage.Folder;
using AzureVmRole.Engine.Tests.Misuse;
using Xunit;

namespace AzureVmRole.Engine.Tests.Storage.Folder;

/// <summary>A folder store whose volume has no byte left.</summary>
public sealed class FolderReserveTests
{
    private const int MiB = 1 << 20;
    private const int Blobs = 3;
    private const long ReserveSize = 512 << 10;

    private static readonly Dictionary<string, string> NoMetadata = new(StringComparer.Ordinal);

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Theory(Timeout = 60_000)]
    [InlineData(false)]
    [InlineData(true)]
    public async Task Delete_VolumeIsFull_BlobsGoAndTheirRoomIsFree(bool isOpenBefore)
    {
        await using SmallVolume volume = await SmallVolume.MountAsync(8);
        FolderBlobStore store = await MakeAsync(volume);
        if (!isOpenBefore)
        {
            await store.DisposeAsync();
        }

        volume.Fill();
        store = isOpenBefore ? store : FolderBlobStore.Open(volume["store"], TimeProvider.System);
        await using (store)
        {
            await store.DeleteAsync(Blob(0), null, withSnapshots: false, default, Token);
            volume.Fill();
            string lease = Guid.NewGuid().ToString();
            await store.AcquireLeaseAsync(Blob(1), lease, TimeSpan.FromSeconds(60), default, Token);
            volume.Fill();
            await store.DeleteAsync(Blob(1), null, withSnapshots: false, new BlobConditions { LeaseId = lease }, Token);

            Assert.Equal([Blob(2)], await store.ListAsync(new BlobListing(), Token).Select(blob => blob.Name).ToListAsync(Token));
        }

        Assert.Equal([volume["store/vhds/2.vhd"]], Directory.GetFiles(volume["store/vhds"]));
        Assert.Equal(ReserveSize, new FileInfo(volume["store/.azvmrole/reserve"]).Length);
    }

    [Fact(Timeout = 60_000)]
    public async Task Delete_VolumeIsFullAndReserveIsLost_SaysSoAndBlobStays()
    {
        await using SmallVolume volume = await SmallVolume.MountAsync(8);
        await using FolderBlobStore store = await MakeAsync(volume);
        File.Delete(volume["store/.azvmrole/reserve"]);
        volume.Fill();

        TransferException exception = await Assert.ThrowsAsync<TransferException>(
            () => store.DeleteAsync(Blob(0), null, withSnapshots: false, default, Token));

        Assert.Equal(ErrorCode.InsufficientSpace, exception.Code);
        Assert.NotNull(await store.FindAsync(Blob(0), null, Token));
        Assert.True(File.Exists(volume["store/vhds/0.vhd"]));
    }

    private static BlobName Blob(int number) => new("vhds", $"{number}.vhd");

    private static async Task<FolderBlobStore> MakeAsync(SmallVolume volume)
    {
        var store = FolderBlobStore.Open(volume["store"], TimeProvider.System);
        await store.CreateContainerAsync("vhds", Token);
        for (int number = 0; number < Blobs; number++)
        {
            await store.CreateAsync(Blob(number), MiB, NoMetadata, default, Token);
            await store.WritePagesAsync(Blob(number), 0, RandomNumberGenerator.GetBytes(MiB), default, Token);
        }

        return store;
    }
}
