using AzureVmRole.TestKit;
using Xunit;

namespace AzureVmRole.Disks.Tests.Qcow2;

public sealed class Qcow2ReadTests
{
    [Theory(Timeout = 120_000)]
    [InlineData("cluster_size=512")]
    [InlineData("cluster_size=4096")]
    [InlineData("cluster_size=65536")]
    [InlineData("cluster_size=2M")]
    [InlineData("compat=0.10,cluster_size=65536")]
    [InlineData("compat=0.10,cluster_size=1024")]
    [InlineData("compat=1.1,lazy_refcounts=on")]
    [InlineData("refcount_bits=1")]
    [InlineData("refcount_bits=64")]
    [InlineData("preallocation=metadata")]
    [InlineData("preallocation=full,cluster_size=32k")]
    [InlineData("extended_l2=on,cluster_size=16k")]
    [InlineData("extended_l2=on,cluster_size=128k")]
    [InlineData("extended_l2=on,cluster_size=2M")]
    public async Task Read_ConvertedImage_IsTheSource(string options)
    {
        using var images = new Qcow2Images();
        ReferenceDisk content = Qcow2Images.MakeContent();
        string path = await images.ConvertAsync("disk.qcow2", content, options);

        using VirtualDisk disk = VirtualDiskFile.Open(path);

        Assert.Equal(VhdFormat.Qcow2, disk.Format);
        Assert.Equal(VhdType.Dynamic, disk.Type);
        Assert.Empty(disk.Findings);
        DiskAssert.ReadsAs(content, disk);
    }

    [Theory(Timeout = 120_000)]
    [InlineData("cluster_size=512")]
    [InlineData("cluster_size=4096")]
    [InlineData("cluster_size=65536")]
    [InlineData("cluster_size=2M")]
    [InlineData("compat=0.10")]
    [InlineData("extended_l2=on,cluster_size=64k")]
    public async Task Read_CompressedImage_IsTheSource(string options)
    {
        using var images = new Qcow2Images();
        ReferenceDisk content = Qcow2Images.MakeContent();
        string path = await images.ConvertAsync("disk.qcow2", content, options, compress: true);

        using VirtualDisk disk = VirtualDiskFile.Open(path);

        Assert.Contains(disk.EnumerateExtents(0, disk.LengthInBytes), extent => extent.Kind == ExtentKind.Encoded);
        DiskAssert.ReadsAs(content, disk);
    }

    [Theory(Timeout = 120_000)]
    [InlineData("cluster_size=65536")]
    [InlineData("cluster_size=1M")]
    [InlineData("extended_l2=on,cluster_size=64k")]
    [InlineData("extended_l2=on,cluster_size=1M")]
    public async Task Read_WrittenInPlaces_IsWhatWasWritten(string options)
    {
        using var images = new Qcow2Images();
        var model = new ReferenceDisk(Qcow2Images.DiskLength);
        string path = await images.CreateAsync("disk.qcow2", options, Qcow2Images.DiskLength);
        await Qcow2Images.WriteAsync(path, model, 0, 512, 1);
        await Qcow2Images.WriteAsync(path, model, (3 << 20) - 1024, 70_144, 2);
        await Qcow2Images.WriteAsync(path, model, 1 << 20, 65_536, 3);
        await Qcow2Images.WriteZerosAsync(path, model, (3 << 20) + 4096, 40_960);
        await Qcow2Images.WriteZerosAsync(path, model, 5 << 20, 131_072);
        await Qcow2Images.WriteAsync(path, model, 4 << 20, 1 << 20, 5);
        await Qcow2Images.WriteZerosAsync(path, model, 4 << 20, 1 << 20);

        using VirtualDisk disk = VirtualDiskFile.Open(path);

        DiskAssert.ReadsAs(model, disk);
    }

    [Fact(Timeout = 60_000)]
    public async Task Open_LargeEmptyDisk_IsOneExtent()
    {
        using var images = new Qcow2Images();
        const long Length = 2L << 40;
        string path = await images.CreateAsync("disk.qcow2", "cluster_size=64k", Length);

        using VirtualDisk disk = VirtualDiskFile.Open(path);

        DiskExtent extent = Assert.Single(disk.EnumerateExtents(0, Length));
        Assert.Equal(new DiskExtent(0, Length, ExtentKind.Zero), extent);
        Assert.Equal(65_536, disk.BlockSizeInBytes);
    }

    [Fact(Timeout = 60_000)]
    public async Task EnumerateExtents_ContiguousClusters_AreOneExtent()
    {
        using var images = new Qcow2Images();
        ReferenceDisk content = new ReferenceDisk(Qcow2Images.DiskLength).Fill(1 << 20, 4 << 20, 9);
        string path = await images.ConvertAsync("disk.qcow2", content, "cluster_size=4096");

        using VirtualDisk disk = VirtualDiskFile.Open(path);

        // An L2 table of 4 KiB reaches 2 MiB of the disk, and new tables lie between the data.
        Assert.InRange(disk.EnumerateExtents(0, disk.LengthInBytes).Count(), 3, 8);
    }

    [Fact(Timeout = 60_000)]
    public async Task Read_SizeWithinLastCluster_ReadsToTheEnd()
    {
        using var images = new Qcow2Images();
        ReferenceDisk content = new ReferenceDisk((1 << 20) + 512).Fill(0, (1 << 20) + 512, 4);
        string path = await images.ConvertAsync("disk.qcow2", content, "cluster_size=64k");

        using VirtualDisk disk = VirtualDiskFile.Open(path);
        byte[] read = new byte[disk.LengthInBytes];
        disk.Read(0, read);

        Assert.Equal(content.Content, read);
    }

    [Fact(Timeout = 120_000)]
    public async Task Read_CompressedFromManyThreads_EachSeesTheSource()
    {
        using var images = new Qcow2Images();
        ReferenceDisk content = Qcow2Images.MakeContent();
        string path = await images.ConvertAsync("disk.qcow2", content, "cluster_size=1M", compress: true);
        using VirtualDisk disk = VirtualDiskFile.Open(path);
        byte[] read = new byte[disk.LengthInBytes];
        const int PieceLength = 49_152;

        Parallel.For(0, (read.Length + PieceLength - 1) / PieceLength, piece =>
        {
            int offset = piece * PieceLength;
            disk.Read(offset, read.AsSpan(offset, Math.Min(PieceLength, read.Length - offset)));
        });

        Assert.Equal(content.Content, read);
    }

    [Fact(Timeout = 60_000)]
    public async Task Open_Snapshots_ReadsPresentStateWithFinding()
    {
        using var images = new Qcow2Images();
        ReferenceDisk content = Qcow2Images.MakeContent();
        string path = await images.ConvertAsync("disk.qcow2", content, "cluster_size=64k");
        await Qcow2Images.RunAsync("qemu-img", "snapshot", "-c", "before", path);
        await Qcow2Images.WriteAsync(path, content, 65_536, 131_072, 0xAB);

        using VirtualDisk disk = VirtualDiskFile.Open(path);

        Assert.Equal("Qcow2Snapshots", Assert.Single(disk.Findings).RuleId);
        DiskAssert.ReadsAs(content, disk);
    }

    [Theory(Timeout = 60_000)]
    [InlineData(1, "Qcow2Dirty")]
    [InlineData(2, "Qcow2Corrupt")]
    public async Task Open_DirtyOrCorruptBit_ReadsWithFinding(byte bits, string ruleId)
    {
        using var images = new Qcow2Images();
        ReferenceDisk content = Qcow2Images.MakeContent();
        string path = await images.ConvertAsync("disk.qcow2", content, "lazy_refcounts=on");
        Qcow2Bytes.Write(path, 79, bits);

        using VirtualDisk disk = VirtualDiskFile.Open(path);

        DiskFinding finding = Assert.Single(disk.Findings);
        Assert.Equal(ruleId, finding.RuleId);
        Assert.Equal(FindingSeverity.Warning, finding.Severity);
        DiskAssert.ReadsAs(content, disk);
    }
}
