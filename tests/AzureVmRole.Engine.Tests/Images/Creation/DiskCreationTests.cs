using AzureVmRole.Engine.Images.Creation;
using Xunit;

namespace AzureVmRole.Engine.Tests.Images.Creation;

public sealed class DiskCreationTests
{
    private const long MiB = DiskFolder.MiB;
    private const long GiB = 1024 * MiB;

    [Theory(Timeout = 120_000)]
    [InlineData("disk.vhd", VhdType.Fixed, VhdFormat.Vhd, 1 * MiB)]
    [InlineData("disk.vhd", VhdType.Fixed, VhdFormat.Vhd, 127 * GiB)]
    [InlineData("disk.vhd", VhdType.Fixed, VhdFormat.Vhd, 2040 * GiB)]
    [InlineData("disk.vhd", VhdType.Dynamic, VhdFormat.Vhd, 1 * MiB)]
    [InlineData("disk.vhd", VhdType.Dynamic, VhdFormat.Vhd, 127 * GiB)]
    [InlineData("disk.vhd", VhdType.Dynamic, VhdFormat.Vhd, 2040 * GiB)]
    [InlineData("disk.vhdx", VhdType.Fixed, VhdFormat.Vhdx, 127 * GiB)]
    [InlineData("disk.vhdx", VhdType.Dynamic, VhdFormat.Vhdx, 127 * GiB)]
    [InlineData("disk.vhdx", VhdType.Dynamic, VhdFormat.Vhdx, 4096)]
    [InlineData("disk.raw", VhdType.Fixed, VhdFormat.Raw, 3 * GiB)]
    public async Task Create_Empty_AsAskedAndQemuAgrees(string name, VhdType type, VhdFormat format, long size)
    {
        Qemu.Require();
        using var folder = new DiskFolder();

        BaseVhd disk = await CreateAsync(new DiskCreationOptions { Path = folder[name], SizeInBytes = size, Type = type });

        Assert.Equal((folder[name], format, type, size), (disk.Path, disk.VhdFormat, disk.VhdType, disk.Size));
        Assert.Equal((PartitionStyle.Raw, 512), (disk.PartitionStyle, disk.LogicalSectorSize));
        Assert.Empty(disk.Findings);
        Assert.Equal(format == VhdFormat.Raw, disk.DiskIdentifier == Guid.Empty);
        Assert.InRange(disk.AllocatedSize, 0, Math.Max(16 * MiB, disk.FileSize / 1000));
        await Qemu.AssertAgreesAsync(disk);
    }

    [Fact(Timeout = 60_000)]
    public async Task Create_FixedVhd_FileIsSizeAndFooter()
    {
        using var folder = new DiskFolder();

        BaseVhd disk = await CreateAsync(new DiskCreationOptions { Path = folder["disk.vhd"], SizeInBytes = 127 * GiB });

        Assert.Equal((127 * GiB) + 512, disk.FileSize);
        Assert.Equal(0, disk.BlockSize);
    }

    [Theory(Timeout = 60_000)]
    [InlineData("disk.vhd", 512L << 10)]
    [InlineData("disk.vhd", 2 * MiB)]
    [InlineData("disk.vhdx", 1 * MiB)]
    [InlineData("disk.vhdx", 256 * MiB)]
    public async Task Create_BlockSize_IsKept(string name, long blockSize)
    {
        using var folder = new DiskFolder();

        BaseVhd disk = await CreateAsync(new DiskCreationOptions
        {
            Path = folder[name],
            SizeInBytes = GiB,
            Type = VhdType.Dynamic,
            BlockSizeInBytes = blockSize,
        });

        Assert.Equal(blockSize, disk.BlockSize);
        Assert.Equal(1, disk.Alignment);
    }

    [Fact(Timeout = 60_000)]
    public async Task Create_SectorsOf4096_VhdxOnly()
    {
        using var folder = new DiskFolder();
        var options = new DiskCreationOptions { Path = folder["disk.vhdx"], SizeInBytes = GiB, Type = VhdType.Dynamic, LogicalSectorSize = 4096 };

        BaseVhd disk = await CreateAsync(options);
        DiskOperationException refused = await Assert.ThrowsAsync<DiskOperationException>(
            () => CreateAsync(options with { Path = folder["disk.vhd"] }));

        Assert.Equal(4096, disk.LogicalSectorSize);
        Assert.Equal(ErrorCode.InvalidArgument, refused.Code);
        Assert.Equal(["disk.vhdx"], folder.Names);
    }

    [Fact(Timeout = 60_000)]
    public async Task Create_FormatGiven_WinsOverName()
    {
        using var folder = new DiskFolder();

        BaseVhd disk = await CreateAsync(new DiskCreationOptions
        {
            Path = folder["disk.bin"],
            SizeInBytes = 4 * MiB,
            Format = VhdFormat.Vhdx,
            Type = VhdType.Dynamic,
        });

        Assert.Equal(VhdFormat.Vhdx, disk.VhdFormat);
    }

    [Fact(Timeout = 60_000)]
    public async Task Create_TwoDisks_HaveIdsOfTheirOwn()
    {
        using var folder = new DiskFolder();

        BaseVhd one = await CreateAsync(new DiskCreationOptions { Path = folder["one.vhd"], SizeInBytes = MiB });
        BaseVhd two = await CreateAsync(new DiskCreationOptions { Path = folder["two.vhd"], SizeInBytes = MiB });

        Assert.NotEqual(one.DiskIdentifier, two.DiskIdentifier);
    }

    [Fact(Timeout = 60_000)]
    public async Task Create_Overwrite_ReplacesTheDisk()
    {
        using var folder = new DiskFolder();
        await folder.MakeAsync("disk.vhd", DiskFolder.MakeContent());

        BaseVhd disk = await CreateAsync(new DiskCreationOptions { Path = folder["disk.vhd"], SizeInBytes = 2 * MiB, Overwrite = true });

        Assert.Equal(2 * MiB, disk.Size);
        Assert.Equal(new byte[2 * MiB], folder.Read("disk.vhd"));
        Assert.Equal(["disk.vhd"], folder.Names);
    }

    private static Task<BaseVhd> CreateAsync(DiskCreationOptions options) =>
        DiskCreation.CreateAsync(options, TestContext.Current.CancellationToken);
}
