using AzureVmRole.Disks.Files;
using AzureVmRole.Disks.Vhdx;
using AzureVmRole.TestKit;
using Xunit;

namespace AzureVmRole.Disks.Tests.Vhdx;

/// <summary>qemu-img as the oracle, in both directions.</summary>
public sealed class VhdxInteropTests
{
    private const int MiB = VhdxTestDisk.MiB;

    [Theory(Timeout = 120_000)]
    [InlineData("dynamic", 1)]
    [InlineData("dynamic", 8)]
    [InlineData("dynamic", 256)]
    [InlineData("fixed", 1)]
    [InlineData("fixed", 32)]
    public async Task Open_QemuImage_SameContent(string subformat, int blockSizeInMiB)
    {
        RequireQemu();
        using var folder = new TemporaryFolder();
        ReferenceDisk content = MakeContent(37 * MiB);
        content.SaveRaw(folder.File("disk.raw"));
        await QemuAsync(
            "convert", "-f", "raw", "-O", "vhdx", "-o", $"subformat={subformat},block_size={blockSizeInMiB * MiB}",
            folder.File("disk.raw"), folder.File("disk.vhdx"));

        using VirtualDisk disk = VirtualDiskFile.Open(folder.File("disk.vhdx"));

        Assert.Equal(content.Content, VhdxTestDisk.ReadAll(disk));
        Assert.Equal(blockSizeInMiB * MiB, disk.BlockSizeInBytes);
        Assert.Equal(string.Equals(subformat, "fixed", StringComparison.Ordinal) ? VhdType.Fixed : VhdType.Dynamic, disk.Type);
        Assert.StartsWith("QEMU", disk.Creator, StringComparison.Ordinal);
        Assert.Empty(disk.Findings);
    }

    [Theory(Timeout = 120_000)]
    [InlineData(VhdType.Dynamic, 0)]
    [InlineData(VhdType.Dynamic, 1)]
    [InlineData(VhdType.Dynamic, 256)]
    [InlineData(VhdType.Fixed, 0)]
    [InlineData(VhdType.Fixed, 8)]
    public async Task Write_AnyBlockSize_QemuAgrees(VhdType type, int blockSizeInMiB)
    {
        RequireQemu();
        using var folder = new TemporaryFolder();
        ReferenceDisk content = MakeContent(37 * MiB);
        content.SaveRaw(folder.File("disk.raw"));
        VhdxTestDisk.Write(
            folder.File("disk.vhdx"), content,
            new VhdxWriterOptions { Type = type, BlockSizeInBytes = blockSizeInMiB * MiB });

        await QemuAsync("check", "-f", "vhdx", folder.File("disk.vhdx"));
        await QemuAsync("compare", "-f", "raw", "-F", "vhdx", folder.File("disk.raw"), folder.File("disk.vhdx"));
        string printed = await QemuAsync("info", "-f", "vhdx", folder.File("disk.vhdx"));
        Assert.Contains($"({content.Content.Length} bytes)", printed, StringComparison.Ordinal);
    }

    [Fact(Timeout = 120_000)]
    public async Task Copy_ByEngine_QemuAgrees()
    {
        RequireQemu();
        using var folder = new TemporaryFolder();
        ReferenceDisk content = MakeContent(37 * MiB);
        content.SaveRaw(folder.File("disk.raw"));
        using (VirtualDisk source = VirtualDiskFile.Open(folder.File("disk.raw")))
        using (var file = DiskFile.Create(folder.File("disk.vhdx")))
        {
            var writer = new VhdxWriter(file, source.LengthInBytes, new VhdxWriterOptions());
            await VhdxTestDisk.CopyAsync(source, writer, TestContext.Current.CancellationToken);
        }

        await QemuAsync("check", "-f", "vhdx", folder.File("disk.vhdx"));
        await QemuAsync("compare", "-f", "raw", "-F", "vhdx", folder.File("disk.raw"), folder.File("disk.vhdx"));
    }

    [Fact(Timeout = 120_000)]
    public async Task Write_QemuWritesOn_EngineReadsIt()
    {
        RequireQemu();
        Assert.SkipUnless(ExternalProgram.IsInstalled("qemu-io"), "qemu-io (package qemu-utils) is not installed.");
        using var folder = new TemporaryFolder();
        ReferenceDisk content = MakeContent(37 * MiB);
        string path = VhdxTestDisk.Write(folder.File("disk.vhdx"), content, new VhdxWriterOptions());

        ProgramResult result = await ExternalProgram.RunAsync(
            TestContext.Current.CancellationToken, "qemu-io", "-f", "vhdx", "-c", "write -P 0x5A 20M 1M", path);

        Assert.True(result.ExitCode == 0, result.Everything);
        content.Content.AsSpan(20 * MiB, MiB).Fill(0x5A);
        Assert.Equal(content.Content, VhdxTestDisk.ReadAll(path));
    }

    [Fact(Timeout = 120_000)]
    public async Task Write_HugeDisk_QemuAgreesOnSize()
    {
        RequireQemu();
        using var folder = new TemporaryFolder();
        long length = 64L << 40;
        using (var file = DiskFile.Create(folder.File("disk.vhdx")))
        {
            var writer = new VhdxWriter(file, length, new VhdxWriterOptions { BlockSizeInBytes = 256 * MiB });
            writer.Write(length - 4096, new byte[4096]);
            writer.Complete();
        }

        string printed = await QemuAsync("info", "-f", "vhdx", folder.File("disk.vhdx"));
        Assert.Contains($"({length} bytes)", printed, StringComparison.Ordinal);
    }

    private static ReferenceDisk MakeContent(int length) => new ReferenceDisk(length)
        .Fill(0, 4096, 1)
        .Fill((3 * MiB) - 512, 1024, 2)
        .Fill((8 * MiB) - 65536, 3 * MiB, 3)
        .Fill(length - (MiB / 2), MiB / 2, 4);

    private static void RequireQemu() =>
        Assert.SkipUnless(ExternalProgram.IsInstalled("qemu-img"), "qemu-img (package qemu-utils) is not installed.");

    private static async Task<string> QemuAsync(params string[] arguments)
    {
        ProgramResult result = await ExternalProgram.RunAsync(
            TestContext.Current.CancellationToken, "qemu-img", arguments);
        Assert.True(result.ExitCode == 0, result.Everything);
        return result.Output;
    }
}
