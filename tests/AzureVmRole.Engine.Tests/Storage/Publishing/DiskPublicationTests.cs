using System.Security.Cryptography;
using AzureVmRole.Engine.Storage;
using AzureVmRole.Engine.Storage.Publishing;
using AzureVmRole.TestKit;
using Xunit;

namespace AzureVmRole.Engine.Tests.Storage.Publishing;

/// <summary>What publishing does in every store.</summary>
public abstract partial class DiskPublicationTests : PublishedStore
{
    [Theory(Timeout = 60_000)]
    [InlineData("disk.vhd", VhdType.Fixed)]
    [InlineData("disk.vhd", VhdType.Dynamic)]
    [InlineData("disk.vhdx", VhdType.Dynamic)]
    [InlineData("disk.raw", VhdType.Fixed)]
    public async Task Publish_OwnFormats_BlobIsTheFixedDisk(string name, VhdType type)
    {
        ReferenceDisk content = MakeContent();
        string path = await Folder.MakeAsync(name, content, type);

        PublishedVhd published = await PublishAsync(path);

        await AssertHoldsAsync(content.Content, published);
        Guid own = Disks.VirtualDiskFile.Open(path) is var disk ? disk.Identifier : Guid.Empty;
        disk.Dispose();
        Assert.NotEqual(Guid.Empty, published.DiskIdentifier);
        Assert.True(own == Guid.Empty || own == published.DiskIdentifier);
        Assert.Equal((path, $"{Container}/disk.vhd", Store.GetUri(Blob())), (published.LocalFilePath, published.Name, published.Uri));
        Assert.False(published.IsResumed);
    }

    [Theory(Timeout = 60_000)]
    [InlineData("vpc", "subformat=dynamic,force_size=on", "")]
    [InlineData("vhdx", "subformat=dynamic", "")]
    [InlineData("qcow2", "compat=1.1", "")]
    [InlineData("qcow2", "compat=1.1", "-c")]
    public async Task Publish_QemusFormats_BlobIsWhatQemuConverts(string format, string options, string compression)
    {
        Qemu.Require();
        string raw = Folder.MakeRaw("source.raw", MakeContent());
        string path = Folder["disk.img"];
        await Qemu.RunAsync([.. new[] { "convert", "-O", format, "-o", options, compression, raw, path }.Where(word => word.Length > 0)]);
        await Qemu.RunAsync("convert", "-O", "raw", path, Folder["back.raw"]);

        PublishedVhd published = await PublishAsync(path);

        await AssertHoldsAsync(await File.ReadAllBytesAsync(Folder["back.raw"], Token), published);
    }

    [Fact(Timeout = 60_000)]
    public async Task Publish_Chain_BlobIsWhatTheTopShows()
    {
        ReferenceDisk content = MakeContent();
        await Folder.MakeAsync("base.vhd", content, VhdType.Dynamic);
        ReferenceDisk middle = await Folder.MakeDifferenceAsync("middle.vhd", "base.vhd", content, (512, 1024, 5), (5 * MiB, 65536, 0));
        ReferenceDisk top = await Folder.MakeDifferenceAsync("top.vhd", "middle.vhd", middle, (MiB, 2 * MiB, 6));

        PublishedVhd published = await PublishAsync(Folder["top.vhd"]);

        await AssertHoldsAsync(top.Content, published);
    }

    [Fact(Timeout = 60_000)]
    public async Task Publish_SizeNotWholeMebibytesWithGpt_GrowsAndTableMoves()
    {
        Programs.Require("sgdisk");
        var content = new ReferenceDisk((21 * MiB) + 512);
        string path = Folder.MakeRaw("disk.raw", content);
        await Programs.RunAsync("sgdisk", "-o", "-n", "1:2048:+6M", path);

        PublishedVhd published = await PublishAsync(path);

        byte[] bytes = await ReadAsync();
        Assert.Equal(22 * MiB, published.Size);
        Assert.Equal(NaiveContentHash.Of(bytes.AsSpan(0, 22 * MiB)), published.ContentHash);
        await Gpt.VerifyAsync(Folder, bytes[..(22 * MiB)]);
    }

    [Fact(Timeout = 60_000)]
    public async Task Publish_SparseDisk_SendsOnlyData()
    {
        ReferenceDisk content = MakeContent();
        string path = Folder.MakeRaw("disk.raw", content);

        PublishedVhd published = await PublishAsync(path);

        long data = DataIn(content.Content);
        Assert.InRange(published.BytesSent, data + 512, data + (data / 100) + 512);
        Assert.Equal(5, published.Requests);
        long pages = 0;
        await foreach (PageRange range in Store.ListPageRangesAsync(Blob(), null, null, 0, DiskLength, default, Token))
        {
            pages += range.Length;
        }

        Assert.InRange(pages, 1, published.BytesSent);
    }

    [Fact(Timeout = 60_000)]
    public async Task Publish_SameContentTwice_SameBytes()
    {
        ReferenceDisk content = MakeContent();
        PublishedVhd first = await PublishAsync(Folder.MakeRaw("disk.raw", content), "first.vhd");
        Qemu.Require();
        await Qemu.RunAsync("convert", "-O", "qcow2", Folder["disk.raw"], Folder["disk.qcow2"]);
        PublishedVhd second = await PublishAsync(Folder["disk.qcow2"], "second.vhd");

        Assert.Equal(first.DiskIdentifier, second.DiskIdentifier);
        Assert.Equal(await ReadAsync("first.vhd"), await ReadAsync("second.vhd"));
    }

    [Fact(Timeout = 60_000)]
    public async Task Publish_NotFitForAzure_NothingIsChanged()
    {
        string path = Folder.MakeRaw("disk.raw", new ReferenceDisk(4 * MiB).Fill(0, 4096, 1));

        DiskOperationException exception = await FailsAsync<DiskOperationException>(ErrorCode.ReadinessFailed, OptionsFor(path));

        Assert.Contains("SizeMinimum", exception.Message, StringComparison.Ordinal);
        Assert.Null(await Store.FindAsync(Blob(), null, Token));
        await DiskPublication.PublishAsync(OptionsFor(path) with { SkipReadinessTest = true }, null, Token);
        Assert.Equal((4 * MiB) + 512, (await FindAsync()).Length);
    }

    [Fact(Timeout = 60_000)]
    public async Task Publish_WithMd5AndVerify_NotesMd5OfTheWholeBlob()
    {
        string path = await Folder.MakeAsync("disk.vhd", MakeContent(), VhdType.Dynamic);

        PublishedVhd published = await DiskPublication.PublishAsync(
            OptionsFor(path) with { SetContentMd5 = true, Verify = true }, null, Token);

        byte[] bytes = await ReadAsync();
        Assert.True(published.IsVerified);
        using var md5 = IncrementalHash.CreateHash(HashAlgorithmName.MD5);
        md5.AppendData(bytes);
        Assert.Equal(md5.GetHashAndReset(), (await FindAsync()).ContentMd5);
    }

    [Fact(Timeout = 60_000)]
    public async Task Publish_Progress_GrowsToTheEnd()
    {
        string path = Folder.MakeRaw("disk.raw", MakeContent());
        var seen = new RecordedProgress();

        await DiskPublication.PublishAsync(OptionsFor(path), seen, Token);

        long[] done = [.. seen.Reports.Where(report => report.Activity == "Uploading disk").Select(report => report.BytesDone)];
        Assert.Equal(done.Order(), done);
        Assert.Equal(DiskLength, done[^1]);
        Assert.All(seen.Reports, report => Assert.Equal(DiskLength, report.BytesTotal));
    }
}
