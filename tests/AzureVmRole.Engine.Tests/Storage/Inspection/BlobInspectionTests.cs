using AzureVmRole.Engine.Storage;
using AzureVmRole.Engine.Storage.Inspection;
using AzureVmRole.TestKit;
using Xunit;

namespace AzureVmRole.Engine.Tests.Storage.Inspection;

public sealed class BlobInspectionTests(AzuriteFixture azurite)
{
    private static readonly Dictionary<string, string> NoMetadata = new(StringComparer.Ordinal);

    public static TheoryData<string> Kinds => StoreRoom.Kinds;

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Theory(Timeout = 60_000)]
    [MemberData(nameof(Kinds))]
    public async Task Find_Container_DisksInOrder(string kind)
    {
        await using StoreRoom room = await MakeAsync(kind);

        Assert.Equal(["a.vhd", "images/b.VHD", "images/c.vhd"], await NamesAsync(room, room.Container));
        Assert.Equal(["a.vhd", "images/b.VHD", "images/c.vhd", "note.txt"], await NamesAsync(room, room.Container, allBlobs: true));
    }

    [Theory(Timeout = 60_000)]
    [InlineData("images/*", "images/b.VHD", "images/c.vhd")]
    [InlineData("*.vhd", "a.vhd", "images/c.vhd")]
    [InlineData("images/?.vhd", "images/c.vhd")]
    [InlineData("*b*", "images/b.VHD")]
    [InlineData("x*")]
    [InlineData("A.vhd*")]
    public async Task Find_Wildcards_WhatMatches(string pattern, params string[] expected)
    {
        await using StoreRoom room = await MakeAsync(StoreRoom.Folder);

        Assert.Equal(expected, await NamesAsync(room, room.Address(pattern)));
    }

    [Theory(Timeout = 60_000)]
    [MemberData(nameof(Kinds))]
    public async Task Find_ContainerPattern_ItsBlobsOnly(string kind)
    {
        await using StoreRoom room = await MakeAsync(kind);
        string pattern = room.Container[..^3] + "*";

        Assert.Equal(["images/c.vhd"], await NamesAsync(room, $"{pattern}/*c.vhd"));
        Assert.Equal(["a.vhd", "images/b.VHD", "images/c.vhd"], await NamesAsync(room, pattern));
    }

    [Theory(Timeout = 60_000)]
    [MemberData(nameof(Kinds))]
    public async Task Find_NoAddress_AllContainers(string kind)
    {
        await using StoreRoom room = await MakeAsync(kind);
        var found = new List<string>();
        await foreach (VhdBlob blob in BlobInspection.FindAsync(new BlobQuery { Connection = room.Connection }, Token))
        {
            found.Add(blob.Name);
        }

        Assert.Equal(
            [room.Address("a.vhd"), room.Address("images/b.VHD"), room.Address("images/c.vhd")],
            found.Where(name => name.StartsWith(room.Container, StringComparison.Ordinal)), StringComparer.Ordinal);
    }

    [Theory(Timeout = 60_000)]
    [MemberData(nameof(Kinds))]
    public async Task Find_NamedInFull_ThatOneWhateverItsName(string kind)
    {
        await using StoreRoom room = await MakeAsync(kind);

        Assert.Equal(["note.txt"], await NamesAsync(room, room.Address("note.txt")));
        TransferException exception = await Assert.ThrowsAsync<TransferException>(() => NamesAsync(room, room.Address("none.vhd")));

        Assert.Equal((ErrorCode.BlobNotFound, room.Store.GetUri(room.Blob("none.vhd")).ToString()), (exception.Code, exception.Target));
    }

    [Theory(Timeout = 60_000)]
    [MemberData(nameof(Kinds))]
    public async Task Find_WithSnapshots_EachBeforeItsBlob(string kind)
    {
        await using StoreRoom room = await MakeAsync(kind);
        string snapshot = await room.Store.CreateSnapshotAsync(room.Blob("a.vhd"), default, Token);
        var found = new List<string?>();
        var query = new BlobQuery { Address = room.Address("a.vhd"), IncludeSnapshots = true, Connection = room.Connection };
        await foreach (VhdBlob blob in BlobInspection.FindAsync(query, Token))
        {
            found.Add(blob.Snapshot);
        }

        Assert.Equal([snapshot, null], found);
    }

    [Theory(Timeout = 60_000)]
    [MemberData(nameof(Kinds))]
    public async Task Find_Disk_WhatIsKnownOfIt(string kind)
    {
        await using StoreRoom room = await MakeAsync(kind);
        var disk = Guid.NewGuid();
        ReferenceDisk content = DiskFolder.MakeContent();
        BlobName name = await room.PutAsync("disk.vhd", content, (BlobMetadata.DiskIdentifier, disk.ToString()), (BlobMetadata.LeaseHolder, "the test"));
        await room.Store.AcquireLeaseAsync(name, Guid.NewGuid().ToString(), null, default, Token);

        VhdBlob found = await SingleAsync(room, "disk.vhd");

        Assert.Equal((room.Address("disk.vhd"), room.Container), (found.Name, found.Container));
        Assert.Equal((BlobKind.PageBlob, content.Content.Length + 512L, (long)content.Content.Length), (found.BlobType, found.Length, found.Size));
        Assert.Equal((UploadState.Complete, StoreRoom.HashOf(content), disk), (found.UploadState, found.ContentHash, found.DiskIdentifier));
        Assert.Equal((BlobLeaseState.Leased, true, "the test"), (found.LeaseState, found.LeaseIsInfinite, found.LeaseHolder));
        Assert.Equal(room.Store.GetUri(name), found.Uri);
    }

    [Theory(Timeout = 60_000)]
    [InlineData("azvmrole_holder", "somebody", "somebody")]
    [InlineData("azvmrole_uploader", "user on host", "upload by user on host")]
    [InlineData("MicrosoftAzureCompute_VMName", "web1", "virtual machine 'web1'")]
    [InlineData("MicrosoftAzureCompute_DiskName", "web1-os", "disk 'web1-os'")]
    [InlineData("unrelated", "x", null)]
    public async Task Find_LeasedBlob_HolderFromMetadata(string key, string value, string? holder)
    {
        await using StoreRoom room = await MakeAsync(StoreRoom.Folder);
        BlobName name = await room.PutAsync("disk.vhd", new ReferenceDisk(4096), (key, value), (BlobMetadata.State, BlobMetadata.Uploading));
        Assert.Null((await SingleAsync(room, "disk.vhd")).LeaseHolder);

        await room.Store.AcquireLeaseAsync(name, Guid.NewGuid().ToString(), TimeSpan.FromSeconds(60), default, Token);

        Assert.Equal(holder, (await SingleAsync(room, "disk.vhd")).LeaseHolder);
    }

    private static async Task<VhdBlob> SingleAsync(StoreRoom room, string name)
    {
        var query = new BlobQuery { Address = room.Address(name), Connection = room.Connection };
        await foreach (VhdBlob blob in BlobInspection.FindAsync(query, Token))
        {
            return blob;
        }

        throw new InvalidOperationException($"'{name}' was not found.");
    }

    private static async Task<string[]> NamesAsync(StoreRoom room, string address, bool allBlobs = false)
    {
        var names = new List<string>();
        var query = new BlobQuery { Address = address, AllBlobs = allBlobs, Connection = room.Connection };
        await foreach (VhdBlob blob in BlobInspection.FindAsync(query, Token))
        {
            Assert.StartsWith(room.Container + "/", blob.Name, StringComparison.Ordinal);
            names.Add(blob.Name[(room.Container.Length + 1)..]);
        }

        return [.. names];
    }

    private async Task<StoreRoom> MakeAsync(string kind)
    {
        StoreRoom room = await StoreRoom.OpenAsync(kind, azurite);
        foreach (string name in new[] { "a.vhd", "images/b.VHD", "images/c.vhd", "note.txt" })
        {
            await room.Store.CreateAsync(room.Blob(name), 1024, NoMetadata, default, Token);
        }

        return room;
    }
}
