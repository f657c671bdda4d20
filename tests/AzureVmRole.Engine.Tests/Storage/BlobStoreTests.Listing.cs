using AzureVmRole.Engine.Storage;
using Xunit;

namespace AzureVmRole.Engine.Tests.Storage;

public abstract partial class BlobStoreTests
{
    [Theory(Timeout = 60_000)]
    [InlineData(null)]
    [InlineData(1)]
    [InlineData(3)]
    public async Task List_Container_InOrderAndWhole(int? pageSize)
    {
        string[] names = ["a/1.vhd", "a/2.vhd", "a-1.vhd", "b.vhd", "B.vhd", "c d.vhd", "é.vhd", "z%41.vhd"];
        foreach (string name in names)
        {
            await MakeAsync(name, Page);
        }

        List<BlobProperties> listed = await ListAsync(new BlobListing { Container = Container, PageSize = pageSize });

        Assert.Equal(names.Order(StringComparer.Ordinal), listed.Select(blob => blob.Name.Name), StringComparer.Ordinal);
        Assert.All(listed, blob => Assert.Equal((Container, (long)Page, BlobKind.PageBlob), (blob.Name.Container, blob.Length, blob.Kind)));
        foreach (BlobProperties blob in listed)
        {
            Assert.Equal((await FindAsync(blob.Name)).ETag, blob.ETag);
        }
    }

    [Fact(Timeout = 60_000)]
    public async Task List_Prefix_OnlyThose()
    {
        foreach (string name in new[] { "a.vhd", "ab/1.vhd", "ab/2.vhd", "abc.vhd", "b.vhd" })
        {
            await MakeAsync(name, Page);
        }

        List<BlobProperties> listed = await ListAsync(new BlobListing { Container = Container, Prefix = "ab/", PageSize = 1 });

        Assert.Equal(["ab/1.vhd", "ab/2.vhd"], listed.Select(blob => blob.Name.Name), StringComparer.Ordinal);
    }

    [Fact(Timeout = 60_000)]
    public async Task List_Snapshots_BeforeTheirBlob()
    {
        BlobName first = await MakeAsync("a.vhd", Page);
        string one = await Store.CreateSnapshotAsync(first, default, Token);
        string two = await Store.CreateSnapshotAsync(first, default, Token);
        await MakeAsync("b.vhd", Page);

        List<BlobProperties> with = await ListAsync(new BlobListing { Container = Container, IncludeSnapshots = true, PageSize = 2 });
        List<BlobProperties> without = await ListAsync(new BlobListing { Container = Container, PageSize = 2 });

        Assert.Equal([("a.vhd", one), ("a.vhd", two), ("a.vhd", null), ("b.vhd", null)], with.Select(blob => (blob.Name.Name, blob.Snapshot)));
        Assert.Equal([("a.vhd", null), ("b.vhd", null)], without.Select(blob => (blob.Name.Name, blob.Snapshot)));
    }

    [Fact(Timeout = 60_000)]
    public async Task List_Details_MetadataAndLease()
    {
        BlobName blob = Blob();
        await Store.CreateAsync(blob, MiB, Metadata(("azvmrole_state", "complete")), default, Token);
        await Store.SetContentMd5Async(blob, RandomBytes(16), default, Token);
        await Store.AcquireLeaseAsync(blob, NewLease(), null, default, Token);

        BlobProperties listed = Assert.Single(await ListAsync(new BlobListing { Container = Container }));

        Assert.Equal("complete", listed.Metadata["Azvmrole_State"]);
        Assert.Equal((BlobLeaseState.Leased, true), (listed.LeaseState, listed.LeaseIsInfinite));
        Assert.Equal(RandomBytes(16), listed.ContentMd5);
    }

    [Fact(Timeout = 60_000)]
    public async Task List_WholeStore_EveryContainer()
    {
        string other = Container + "b";
        await Store.CreateContainerAsync(other, Token);
        await Store.CreateContainerAsync(other, Token);
        await MakeAsync("a.vhd", Page);
        await Store.CreateAsync(new BlobName(other, "b.vhd"), Page, NoMetadata, default, Token);
        List<string> containers = [];
        await foreach (string container in Store.ListContainersAsync(Token))
        {
            containers.Add(container);
        }

        List<BlobProperties> listed = await ListAsync(new BlobListing());

        Assert.Equal([Container, other], containers.Where(name => name.StartsWith(Container, StringComparison.Ordinal)), StringComparer.Ordinal);
        Assert.Equal(
            [new BlobName(Container, "a.vhd"), new BlobName(other, "b.vhd")],
            listed.Select(blob => blob.Name).Where(name => name.Container.StartsWith(Container, StringComparison.Ordinal)));
    }

    [Fact(Timeout = 60_000)]
    public async Task List_ContainerMissing_ContainerNotFound() => await FailsAsync(
        ErrorCode.ContainerNotFound, () => ListAsync(new BlobListing { Container = "t" + Guid.NewGuid().ToString("N") }));

    private async Task<List<BlobProperties>> ListAsync(BlobListing listing)
    {
        List<BlobProperties> listed = [];
        await foreach (BlobProperties blob in Store.ListAsync(listing, Token))
        {
            listed.Add(blob);
        }

        return listed;
    }
}
