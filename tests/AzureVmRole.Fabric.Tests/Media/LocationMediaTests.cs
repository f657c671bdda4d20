using AzureVmRole.Disks;
using AzureVmRole.Disks.Files;
using AzureVmRole.Engine.Storage;
using AzureVmRole.Fabric.Media;
using Xunit;
using static AzureVmRole.Fabric.Tests.Media.MediaRoom;

namespace AzureVmRole.Fabric.Tests.Media;

public sealed class LocationMediaTests : IAsyncDisposable
{
    private const long Size = 32 * Mebibyte;

    private readonly MediaRoom _room = new();
    private readonly DiskIdentity _identity = new(Guid.NewGuid());

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    public async ValueTask DisposeAsync() => await _room.DisposeAsync();

    [Fact(Timeout = 60_000)]
    public async Task CreateEmptyAsync_Twice_IsOneSparseFixedVhd()
    {
        const long Terabyte = 1L << 40;
        await _room.Here.CreateEmptyAsync("vhds/a.vhd", Terabyte, _identity, Token);
        await _room.Here.CreateEmptyAsync("vhds/a.vhd", Terabyte, _identity, Token);

        VhdInspection? vhd = await _room.Here.InspectAsync("vhds/a.vhd", Token);
        Assert.Equal((Terabyte, _identity.UniqueId, true), (vhd?.SizeInBytes, vhd?.UniqueId, vhd?.IsFit));
        Assert.InRange(Allocated("vhds/a.vhd"), 0, 64 * 1024);
    }

    [Fact(Timeout = 60_000)]
    public async Task CreateEmptyAsync_KilledBeforeTheFooter_IsCompleted()
    {
        await MakeBlobAsync(_room.Here, "vhds/a.vhd", Size + 512, new Dictionary<string, string>(StringComparer.Ordinal)
        {
            [BlobMetadata.DiskIdentifier] = _identity.UniqueId.ToString("D"),
        });
        await _room.ReopenAsync();

        await _room.Here.CreateEmptyAsync("vhds/a.vhd", Size, _identity, Token);

        Assert.True((await _room.Here.InspectAsync("vhds/a.vhd", Token))?.IsFit);
    }

    [Fact(Timeout = 60_000)]
    public async Task CreateEmptyAsync_AnotherDiskIsThere_IsRefusedAndLeavesIt()
    {
        string before = await MakeVhdAsync(_room.Here, "vhds/a.vhd");

        FabricException refusal = await Assert.ThrowsAsync<FabricException>(() => _room.Here.CreateEmptyAsync("vhds/a.vhd", Size, _identity, Token));

        Assert.Equal("Conflict", refusal.AzureCode);
        Assert.Equal(before, Hash(_room.Here, "vhds/a.vhd", Size));
    }

    [Theory(Timeout = 60_000)]
    [InlineData(true)]
    [InlineData(false)]
    public async Task CopyAsync_Disk_HasTheContentAndAnIdOfItsOwn(bool isWithinStore)
    {
        string content = await MakeVhdAsync(_room.Here, "vhds/master.vhd", metadata: new Dictionary<string, string>(StringComparer.Ordinal) { [LocationMedia.ContentStateKey] = "Specialized" });
        VhdInspection? master = await _room.Here.InspectAsync("vhds/master.vhd", Token);
        LocationMedia target = isWithinStore ? _room.Here : _room.There;

        long size = await target.CopyAsync(_room.Here, "vhds/master.vhd", "vhds/copy.vhd", _identity, Token);
        await target.CopyAsync(_room.Here, "vhds/master.vhd", "vhds/copy.vhd", _identity, Token);

        VhdInspection? copy = await target.InspectAsync("vhds/copy.vhd", Token);
        Assert.Equal((Size, _identity.UniqueId, "Specialized"), (size, copy?.UniqueId, copy?.ContentState));
        Assert.Equal(content, Hash(target, "vhds/copy.vhd", Size));
        Assert.Equal(master?.Properties.ETag, (await FindAsync(_room.Here, "vhds/master.vhd"))?.ETag);
        Assert.NotEqual(master?.UniqueId, copy?.UniqueId);
        using VirtualDisk disk = VirtualDiskFile.Open(target.PathOf("vhds/copy.vhd"));
        Assert.Equal((VhdType.Fixed, Size), (disk.Type, disk.LengthInBytes));
    }

    [Fact(Timeout = 60_000)]
    public async Task CopyAsync_HalfCopyOfAnEndedProcess_IsMadeAgain()
    {
        string content = await MakeVhdAsync(_room.Here, "vhds/master.vhd");
        await MakeBlobAsync(_room.Here, "vhds/copy.vhd", Size + 512, new Dictionary<string, string>(StringComparer.Ordinal)
        {
            [BlobMetadata.DiskIdentifier] = _identity.UniqueId.ToString("D"),
        });
        await _room.ReopenAsync();

        await _room.Here.CopyAsync(_room.Here, "vhds/master.vhd", "vhds/copy.vhd", _identity, Token);

        Assert.Equal(content, Hash(_room.Here, "vhds/copy.vhd", Size));
        Assert.True((await _room.Here.InspectAsync("vhds/copy.vhd", Token))?.IsFit);
    }

    [Fact(Timeout = 60_000)]
    public async Task CopyAsync_CopiedAndKilledBeforeTheFooter_IsSigned()
    {
        await MakeVhdAsync(_room.Here, "vhds/master.vhd");
        BlobCopySource source = await _room.Here.Store.GetCopySourceAsync(new BlobName("vhds", "master.vhd"), null, null, Token);
        await _room.Here.Store.StartCopyAsync(
            new BlobName("vhds", "copy.vhd"), source,
            new Dictionary<string, string>(StringComparer.Ordinal) { [BlobMetadata.DiskIdentifier] = _identity.UniqueId.ToString("D") }, default, Token);

        await _room.Here.CopyAsync(_room.Here, "vhds/master.vhd", "vhds/copy.vhd", _identity, Token);

        Assert.Equal(_identity.UniqueId, (await _room.Here.InspectAsync("vhds/copy.vhd", Token))?.UniqueId);
    }

    [Fact(Timeout = 60_000)]
    public async Task CopyAsync_SourceIsNoDisk_IsRefusedAndLeavesNothing()
    {
        await MakeBlobAsync(_room.Here, "vhds/master.vhd", new byte[1024 * 1024]);

        FabricException refusal = await Assert.ThrowsAsync<FabricException>(
            () => _room.Here.CopyAsync(_room.Here, "vhds/master.vhd", "vhds/copy.vhd", _identity, Token));

        Assert.Equal("ContainerFormat", Assert.Single(refusal.Details).AzureCode);
        Assert.Null(await FindAsync(_room.Here, "vhds/copy.vhd"));
    }

    [Fact(Timeout = 60_000)]
    public async Task LeaseAsync_Twice_HoldsAndNamesTheHolder()
    {
        await MakeVhdAsync(_room.Here, "vhds/a.vhd");
        string leaseId = Guid.NewGuid().ToString("D");
        await _room.Here.LeaseAsync("vhds/a.vhd", leaseId, "/vm/web1", Token);
        await _room.Here.LeaseAsync("vhds/a.vhd", leaseId, "/vm/web1", Token);

        FabricException refusal = await Assert.ThrowsAsync<FabricException>(() => _room.Here.LeaseAsync("vhds/a.vhd", Guid.NewGuid().ToString("D"), "/vm/web2", Token));
        VhdInspection? held = await _room.Here.InspectAsync("vhds/a.vhd", Token);

        Assert.Equal("ResourceInUse", refusal.AzureCode);
        Assert.Contains("/vm/web1", refusal.Message, StringComparison.Ordinal);
        Assert.Equal((true, "/vm/web1", true), (held?.IsLeased, held?.Holder, held?.Properties.LeaseIsInfinite));
    }

    [Fact(Timeout = 60_000)]
    public async Task ReleaseAsync_Twice_FreesTheBlobAndForgetsTheHolder()
    {
        await MakeVhdAsync(_room.Here, "vhds/a.vhd");
        string leaseId = Guid.NewGuid().ToString("D");
        await _room.Here.LeaseAsync("vhds/a.vhd", leaseId, "/vm/web1", Token);

        await _room.Here.ReleaseAsync("vhds/a.vhd", leaseId, Token);
        await _room.Here.ReleaseAsync("vhds/a.vhd", leaseId, Token);
        await _room.Here.ReleaseAsync("vhds/none.vhd", leaseId, Token);

        VhdInspection? free = await _room.Here.InspectAsync("vhds/a.vhd", Token);
        Assert.Equal((false, null), (free?.IsLeased, free?.Holder));
    }

    [Fact(Timeout = 60_000)]
    public async Task ReleaseAsync_LeaseOfSomebodyElse_LeavesIt()
    {
        await MakeVhdAsync(_room.Here, "vhds/a.vhd");
        await _room.Here.LeaseAsync("vhds/a.vhd", Guid.NewGuid().ToString("D"), "/vm/web1", Token);

        await _room.Here.ReleaseAsync("vhds/a.vhd", Guid.NewGuid().ToString("D"), Token);

        Assert.Equal((true, "/vm/web1"), ((await _room.Here.InspectAsync("vhds/a.vhd", Token))?.IsLeased, (await _room.Here.InspectAsync("vhds/a.vhd", Token))?.Holder));
    }

    [Fact(Timeout = 60_000)]
    public async Task DeleteAsync_LeasedByAnother_IsRefused_OwnLeaseAndAgainSucceed()
    {
        await MakeVhdAsync(_room.Here, "vhds/a.vhd");
        string leaseId = Guid.NewGuid().ToString("D");
        await _room.Here.LeaseAsync("vhds/a.vhd", leaseId, "/vm/web1", Token);

        FabricException refusal = await Assert.ThrowsAsync<FabricException>(() => _room.Here.DeleteAsync("vhds/a.vhd", Guid.NewGuid().ToString("D"), Token));
        Assert.Equal("ResourceInUse", refusal.AzureCode);
        Assert.NotNull(await FindAsync(_room.Here, "vhds/a.vhd"));

        await _room.Here.DeleteAsync("vhds/a.vhd", leaseId, Token);
        await _room.Here.DeleteAsync("vhds/a.vhd", leaseId, Token);
        Assert.Null(await FindAsync(_room.Here, "vhds/a.vhd"));
    }

    [Fact(Timeout = 60_000)]
    public async Task DeleteUnfinishedAsync_AnotherDisk_LeavesIt()
    {
        await MakeVhdAsync(_room.Here, "vhds/a.vhd");

        await _room.Here.DeleteUnfinishedAsync("vhds/a.vhd", _identity, Token);

        Assert.NotNull(await FindAsync(_room.Here, "vhds/a.vhd"));
    }

    [Theory(Timeout = 60_000)]
    [InlineData(false)]
    [InlineData(true)]
    public async Task GrowAsync_Disk_KeepsContentAndMovesTheFooter(bool isKilledAfterExtending)
    {
        string content = await MakeVhdAsync(_room.Here, "vhds/a.vhd");
        string leaseId = Guid.NewGuid().ToString("D");
        await _room.Here.LeaseAsync("vhds/a.vhd", leaseId, "/vm/web1", Token);
        if (isKilledAfterExtending)
        {
            await _room.Here.Store.ExtendAsync(new BlobName("vhds", "a.vhd"), (3 * Size) + 512, new BlobConditions { LeaseId = leaseId }, Token);
            await _room.ReopenAsync();
        }

        await _room.Here.GrowAsync("vhds/a.vhd", Size, 3 * Size, _identity.UniqueId, leaseId, Token);

        VhdInspection? grown = await _room.Here.InspectAsync("vhds/a.vhd", Token);
        Assert.Equal((3 * Size, _identity.UniqueId, true), (grown?.SizeInBytes, grown?.UniqueId, grown?.IsFit));
        Assert.Equal(content, Hash(_room.Here, "vhds/a.vhd", Size));
        byte[] oldFooter = new byte[512];
        await _room.Here.Store.ReadAsync(new BlobName("vhds", "a.vhd"), null, Size, oldFooter, default, Token);
        Assert.All(oldFooter, value => Assert.Equal(0, value));
        Assert.InRange(Allocated("vhds/a.vhd"), 0, 128 * 1024);
    }

    private long Allocated(string blob)
    {
        string path = _room.Here.PathOf(blob);
        using Microsoft.Win32.SafeHandles.SafeFileHandle handle = File.OpenHandle(path, FileMode.Open, FileAccess.Read, FileShare.ReadWrite | FileShare.Delete);
        return SparseFiles.GetAllocatedLength(handle, path) ?? 0;
    }
}
