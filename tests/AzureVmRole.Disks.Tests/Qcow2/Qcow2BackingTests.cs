using AzureVmRole.TestKit;
using Xunit;

namespace AzureVmRole.Disks.Tests.Qcow2;

public sealed class Qcow2BackingTests
{
    [Theory(Timeout = 120_000)]
    [InlineData("cluster_size=64k", "cluster_size=64k", false)]
    [InlineData("cluster_size=2M", "cluster_size=4k", false)]
    [InlineData("cluster_size=4k", "cluster_size=1M", true)]
    [InlineData("cluster_size=64k", "extended_l2=on,cluster_size=128k", true)]
    [InlineData("extended_l2=on,cluster_size=64k", "compat=0.10", false)]
    public async Task Read_ChainOfThree_EachLayerCounts(string baseOptions, string childOptions, bool compress)
    {
        using var images = new Qcow2Images();
        ReferenceDisk model = Qcow2Images.MakeContent();
        await images.ConvertAsync("base.qcow2", model, baseOptions, compress);
        string middle = await images.CreateAsync("middle.qcow2", childOptions, null, "-b", "base.qcow2", "-F", "qcow2");
        await Qcow2Images.WriteAsync(middle, model, (2 << 20) + 4096, 12_288, 0x11);
        if (!childOptions.Contains("0.10", StringComparison.Ordinal))
        {
            await Qcow2Images.WriteZerosAsync(middle, model, 65_536, 65_536);
        }

        string top = await images.CreateAsync("top.qcow2", childOptions, null, "-b", "middle.qcow2", "-F", "qcow2");
        await Qcow2Images.WriteAsync(top, model, (2 << 20) + 8192, 512, 0x22);
        await Qcow2Images.WriteAsync(top, model, 5 << 20, 4096, 0x33);

        using VirtualDisk disk = VirtualDiskFile.Open(top);

        Assert.Equal(VhdType.Differencing, disk.Type);
        Assert.Equal(middle, disk.Parent?.Path);
        DiskAssert.ReadsAs(model, disk);
    }

    [Theory(Timeout = 60_000)]
    [InlineData(true)]
    [InlineData(false)]
    public async Task Read_BackingShorterThanChild_ZerosBeyondItsEnd(bool raw)
    {
        using var images = new Qcow2Images();
        ReferenceDisk small = new ReferenceDisk((1 << 20) + 512).Fill(0, (1 << 20) + 512, 3);
        string qcow2 = await images.ConvertAsync("base.qcow2", small, "cluster_size=64k");
        string parent = raw ? $"{qcow2}.raw" : qcow2;
        string top = await images.CreateAsync(
            "top.qcow2", "cluster_size=64k", Qcow2Images.DiskLength, "-b", parent, "-F", raw ? "raw" : "qcow2");
        var model = new ReferenceDisk(Qcow2Images.DiskLength);
        small.Content.CopyTo(model.Content, 0);
        await Qcow2Images.WriteAsync(top, model, 3 << 20, 4096, 0x44);

        using VirtualDisk disk = VirtualDiskFile.Open(top);

        DiskAssert.ReadsAs(model, disk);
    }

    [Fact(Timeout = 60_000)]
    public async Task Read_BackingLongerThanChild_IsCut()
    {
        using var images = new Qcow2Images();
        ReferenceDisk content = Qcow2Images.MakeContent();
        await images.ConvertAsync("base.qcow2", content, "cluster_size=64k", compress: true);
        string top = await images.CreateAsync("top.qcow2", "cluster_size=4k", 3 << 20, "-b", "base.qcow2", "-F", "qcow2");
        var model = new ReferenceDisk(3 << 20);
        content.Content.AsSpan(0, 3 << 20).CopyTo(model.Content);

        using VirtualDisk disk = VirtualDiskFile.Open(top);

        DiskAssert.ReadsAs(model, disk);
    }

    [Theory(Timeout = 60_000)]
    [InlineData("vpc", "subformat=dynamic,force_size=on", VhdFormat.Vhd)]
    [InlineData("vhdx", "subformat=dynamic", VhdFormat.Vhdx)]
    public async Task Read_BackingOfAnotherFormat_IsTheSource(string format, string options, VhdFormat expected)
    {
        using var images = new Qcow2Images();
        ReferenceDisk model = Qcow2Images.MakeContent();
        model.SaveRaw(images.File("base.raw"));
        string parent = images.File("base.disk");
        await Qcow2Images.RunAsync(
            "qemu-img", "convert", "-q", "-f", "raw", "-O", format, "-o", options, images.File("base.raw"), parent);
        string top = await images.CreateAsync("top.qcow2", "cluster_size=64k", null, "-b", parent, "-F", format);
        await Qcow2Images.WriteAsync(top, model, 65_536, 4096, 0x55);

        using VirtualDisk disk = VirtualDiskFile.Open(top);

        Assert.Equal(expected, disk.Parent?.Format);
        DiskAssert.ReadsAs(model, disk);
    }

    [Fact(Timeout = 60_000)]
    public async Task Open_BackingNotOfTheNamedFormat_NamesTheField()
    {
        using var images = new Qcow2Images();
        new ReferenceDisk(1 << 20).SaveRaw(images.File("base.img"));
        string top = await images.CreateAsync("top.qcow2", "cluster_size=64k", 1 << 20);
        await Qcow2Images.RunAsync("qemu-img", "rebase", "-u", "-b", "base.img", "-F", "qcow2", top);

        DiskFormatException exception = Assert.Throws<DiskFormatException>(() => VirtualDiskFile.Open(top).Dispose());

        Assert.Equal("backing file format", exception.Field);
    }

    [Fact(Timeout = 60_000)]
    public async Task Open_RawBackingThatLooksLikeQcow2_StaysRaw()
    {
        using var images = new Qcow2Images();
        string inner = await images.CreateAsync("base.raw", "cluster_size=64k", 1 << 20);
        string top = await images.CreateAsync("top.qcow2", "cluster_size=64k", null, "-b", inner, "-F", "raw");

        using VirtualDisk disk = VirtualDiskFile.Open(top);

        Assert.Equal(VhdFormat.Raw, disk.Parent?.Format);
    }

    [Fact(Timeout = 60_000)]
    public async Task Open_BackingMissing_ParentNotFound()
    {
        using var images = new Qcow2Images();
        await images.CreateAsync("base.qcow2", "cluster_size=64k", 1 << 20);
        string top = await images.CreateAsync("top.qcow2", "cluster_size=64k", null, "-b", "base.qcow2", "-F", "qcow2");
        File.Delete(images.File("base.qcow2"));

        DiskOperationException exception = Assert.Throws<DiskOperationException>(() => VirtualDiskFile.Open(top).Dispose());

        Assert.Equal(ErrorCode.ParentNotFound, exception.Code);
    }

    [Fact(Timeout = 60_000)]
    public async Task Open_OwnBacking_ParentCycle()
    {
        using var images = new Qcow2Images();
        await images.CreateAsync("base.qcow2", "cluster_size=64k", 1 << 20);
        string top = await images.CreateAsync("topp.qcow2", "cluster_size=64k", null, "-b", "base.qcow2", "-F", "qcow2");
        File.Move(top, images.File("base.qcow2"), overwrite: true);

        DiskOperationException exception = Assert.Throws<DiskOperationException>(
            () => VirtualDiskFile.Open(images.File("base.qcow2")).Dispose());

        Assert.Equal(ErrorCode.ParentCycle, exception.Code);
    }

    [Theory(Timeout = 60_000)]
    [InlineData("json:{\"driver\":\"qcow2\"}", "qcow2")]
    [InlineData("nbd://host.example/disk", "raw")]
    [InlineData("base.vmdk", "vmdk")]
    public async Task Open_BackingOfAnotherKind_RefusedByName(string name, string format)
    {
        using var images = new Qcow2Images();
        string top = await images.CreateAsync("top.qcow2", "cluster_size=64k", 1 << 20);
        await Qcow2Images.RunAsync("qemu-img", "rebase", "-u", "-b", name, "-F", format, top);

        DiskFormatException exception = Assert.Throws<DiskFormatException>(() => VirtualDiskFile.Open(top).Dispose());

        Assert.Equal(ErrorCode.DiskFormatUnsupported, exception.Code);
        Assert.Contains(name.StartsWith("base", StringComparison.Ordinal) ? format : name, exception.Message, StringComparison.Ordinal);
    }
}
