using AzureVmRole.Engine.Images.Creation;
using AzureVmRole.Engine.Images.Inspection;
using Xunit;

namespace AzureVmRole.Engine.Tests.Images.Inspection;

public sealed class DiskInspectionTests
{
    private const int MiB = DiskFolder.MiB;

    [Theory(Timeout = 120_000)]
    [InlineData("vpc", "subformat=fixed,force_size=on", VhdFormat.Vhd, VhdType.Fixed, 0, "qem2")]
    [InlineData("vpc", "subformat=dynamic,force_size=on", VhdFormat.Vhd, VhdType.Dynamic, 2 * MiB, "qem2")]
    [InlineData("vhdx", "subformat=dynamic,block_size=8M", VhdFormat.Vhdx, VhdType.Dynamic, 8 * MiB, "QEMU")]
    [InlineData("vhdx", "subformat=fixed,block_size=1M", VhdFormat.Vhdx, VhdType.Fixed, 1 * MiB, "QEMU")]
    [InlineData("qcow2", "cluster_size=64k", VhdFormat.Qcow2, VhdType.Dynamic, 65_536, "")]
    public async Task Inspect_QemuImage_ToldAsQemuMadeIt(
        string format, string options, VhdFormat expectedFormat, VhdType type, long blockSize, string creator)
    {
        Qemu.Require();
        using var folder = new DiskFolder();
        string path = folder["disk.image"];
        await Qemu.RunAsync("create", "-q", "-f", format, "-o", options, path, $"{40 * MiB}");

        BaseVhd disk = await InspectAsync(path);

        Assert.Equal((path, expectedFormat, type, 40L * MiB, blockSize), (disk.Path, disk.VhdFormat, disk.VhdType, disk.Size, disk.BlockSize));
        Assert.Equal(new FileInfo(path).Length, disk.FileSize);
        Assert.InRange(disk.AllocatedSize, 0, disk.FileSize + (1 * MiB));
        Assert.StartsWith(creator, disk.Creator, StringComparison.Ordinal);
        Assert.Equal(expectedFormat != VhdFormat.Qcow2, disk.DiskIdentifier != Guid.Empty);
        Assert.Null(disk.ParentPath);
        Assert.Null(disk.MinimumSize);
        Assert.Empty(disk.Partitions);
    }

    [Fact(Timeout = 60_000)]
    public async Task Inspect_Raw_IsFixedWithoutId()
    {
        using var folder = new DiskFolder();
        folder.MakeRaw("disk.raw", DiskFolder.MakeContent());

        BaseVhd disk = await InspectAsync(folder["disk.raw"]);

        Assert.Equal((VhdFormat.Raw, VhdType.Fixed, 12L * MiB, Guid.Empty), (disk.VhdFormat, disk.VhdType, disk.Size, disk.DiskIdentifier));
    }

    [Fact(Timeout = 60_000)]
    public async Task Inspect_QemuDynamicVhdx_NotTakenForRawByItsName()
    {
        using var folder = new DiskFolder();
        await folder.MakeAsync("disk.vhdx", DiskFolder.MakeContent(), VhdType.Dynamic);
        File.Move(folder["disk.vhdx"], folder["disk.img"]);

        Assert.Equal(VhdFormat.Vhdx, (await InspectAsync(folder["disk.img"])).VhdFormat);
    }

    [Fact(Timeout = 60_000)]
    public async Task Inspect_Gpt_PartitionsAndSmallestSize()
    {
        Programs.Require("sgdisk");
        using var folder = new DiskFolder();
        string source = folder.MakeRaw("source.raw", DiskFolder.MakeContent());
        await Programs.RunAsync(
            "sgdisk", "-o", "-n", "1:2048:+2M", "-t", "1:ef00", "-c", "1:boot", "-n", "2:6144:+4M", "-t", "2:8300", source);
        await Operations.ConvertAsync(source, folder["disk.vhd"], VhdType.Dynamic);

        BaseVhd disk = await InspectAsync(folder["disk.vhd"]);

        Assert.Equal((PartitionStyle.Gpt, DiskGeneration.Gen2, 8L * MiB), (disk.PartitionStyle, disk.Generation, disk.MinimumSize));
        Assert.Equal(
            [(1, 1L * MiB, 2L * MiB, "boot"), (2, 3L * MiB, 4L * MiB, "")],
            disk.Partitions.Select(partition => (partition.Number, partition.Offset, partition.Size, partition.Name)));
    }

    [Fact(Timeout = 60_000)]
    public async Task Inspect_Difference_NamesItsParentAndItsOwnId()
    {
        using var folder = new DiskFolder();
        await folder.MakeAsync("base.vhd", DiskFolder.MakeContent());
        await folder.MakeDifferenceAsync("child.vhd", "base.vhd", DiskFolder.MakeContent(), (0, 512, 5));

        BaseVhd parent = await InspectAsync(folder["base.vhd"]);
        BaseVhd child = await InspectAsync(folder["child.vhd"]);

        Assert.Equal((VhdType.Differencing, folder["base.vhd"]), (child.VhdType, child.ParentPath));
        Assert.NotEqual(parent.DiskIdentifier, child.DiskIdentifier);
    }

    [Fact(Timeout = 60_000)]
    public async Task Inspect_TwoTebibytes_ReadsHeadersOnly()
    {
        using var folder = new DiskFolder();
        await DiskCreation.CreateAsync(
            new DiskCreationOptions { Path = folder["disk.vhd"], SizeInBytes = 2040L << 30, Type = VhdType.Dynamic },
            TestContext.Current.CancellationToken);

        BaseVhd disk = await InspectAsync(folder["disk.vhd"]);

        Assert.Equal(2040L << 30, disk.Size);
        Assert.InRange(disk.FileSize, 3L * MiB, 5L * MiB);
    }

    private static Task<BaseVhd> InspectAsync(string path) =>
        DiskInspection.InspectAsync(path, TestContext.Current.CancellationToken);
}
