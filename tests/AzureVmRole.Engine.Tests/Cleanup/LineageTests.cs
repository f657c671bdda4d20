using AzureVmRole.Engine.Cleanup;
using AzureVmRole.Engine.Storage;
using Xunit;

namespace AzureVmRole.Engine.Tests.Cleanup;

public sealed class LineageTests
{
    [Fact]
    public void IsParentInUse_KeptDifference_ItsBaseOnly()
    {
        var lineage = new Lineage();
        lineage.Add(Disk("child", "base"), isKept: true);
        lineage.Complete();

        Assert.True(lineage.IsParentInUse(Disk("base")));
        Assert.False(lineage.IsParentInUse(Disk("child", "base")));
        Assert.False(lineage.IsParentInUse(Disk("other")));
        Assert.False(lineage.IsParentInUse(Blobs.Old()));
    }

    [Fact]
    public void IsParentInUse_UnusedDifference_No()
    {
        var lineage = new Lineage();
        lineage.Add(Disk("child", "base"), isKept: false);
        lineage.Complete();

        Assert.False(lineage.IsParentInUse(Disk("base")));
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public void IsParentInUse_LongLine_ToItsEnd(bool fromTheBase)
    {
        string[] names = [.. Enumerable.Range(0, 50).Select(number => $"disk{number}")];
        List<BlobProperties> disks = [.. names.Skip(1).Zip(names, (child, parent) => Disk(child, parent))];
        var lineage = new Lineage();
        foreach (BlobProperties disk in fromTheBase ? disks : Enumerable.Reverse(disks))
        {
            lineage.Add(disk, isKept: disk == disks[^1]);
        }

        lineage.Complete();

        Assert.All(disks.SkipLast(1), disk => Assert.True(lineage.IsParentInUse(disk)));
        Assert.True(lineage.IsParentInUse(Disk(names[0])));
    }

    [Fact]
    public void IsParentInUse_EitherIdOrContentEqual_Yes()
    {
        var lineage = new Lineage();
        lineage.Add(Blobs.Old("vhds/a.vhd", (BlobMetadata.BaseIdentifier, "0a0b0c0d-0000-0000-0000-000000000001")), isKept: true);
        lineage.Add(Blobs.Old("vhds/b.vhd", (BlobMetadata.BaseContentHash, "AB12")), isKept: true);
        lineage.Complete();

        Assert.True(lineage.IsParentInUse(Blobs.Old("vhds/c.vhd", (BlobMetadata.DiskIdentifier, "{0A0B0C0D-0000-0000-0000-000000000001}"))));
        Assert.True(lineage.IsParentInUse(Blobs.Old("vhds/d.vhd", (BlobMetadata.ContentHash, "ab12"), (BlobMetadata.DiskIdentifier, "x"))));
        Assert.False(lineage.IsParentInUse(Blobs.Old("vhds/e.vhd", (BlobMetadata.ContentHash, "ab13"))));
    }

    [Fact]
    public void Complete_DiskThatIsItsOwnBase_Ends()
    {
        var lineage = new Lineage();
        lineage.Add(Disk("a", "b"), isKept: false);
        lineage.Add(Disk("b", "a"), isKept: false);
        lineage.Complete();
        Assert.False(lineage.IsParentInUse(Disk("a")));

        lineage.Add(Disk("c", "a"), isKept: true);
        lineage.Complete();

        Assert.True(lineage.IsParentInUse(Disk("a")));
        Assert.True(lineage.IsParentInUse(Disk("b")));
    }

    private static BlobProperties Disk(string id, string? parent = null) => parent is null
        ? Blobs.Old($"vhds/{id}.vhd", (BlobMetadata.DiskIdentifier, id), (BlobMetadata.ContentHash, "hash of " + id))
        : Blobs.Old(
            $"vhds/{id}.vhd",
            (BlobMetadata.DiskIdentifier, id),
            (BlobMetadata.ContentHash, "hash of " + id),
            (BlobMetadata.BaseIdentifier, parent),
            (BlobMetadata.BaseContentHash, "hash of " + parent));
}
