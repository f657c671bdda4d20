using AzureVmRole.Engine.Images.Conversion;
using AzureVmRole.TestKit;
using Xunit;

namespace AzureVmRole.Engine.Tests.Images.Conversion;

public sealed class DiskConversionTests
{
    private const int MiB = DiskFolder.MiB;

    private static readonly string[][] Sources =
    [
        ["raw"],
        ["vpc", "subformat=fixed,force_size=on"],
        ["vpc", "subformat=dynamic,force_size=on"],
        ["vhdx", "subformat=fixed"],
        ["vhdx", "subformat=dynamic,block_size=1M"],
        ["qcow2", "compat=0.10"],
        ["qcow2", "compat=1.1,cluster_size=4k"],
        ["qcow2", "compat=1.1,cluster_size=2M"],
        ["qcow2", "compressed"],
    ];

    private static readonly (string Name, VhdType Type)[] Targets =
    [
        ("new.vhd", VhdType.Fixed), ("new.vhd", VhdType.Dynamic), ("new.vhdx", VhdType.Fixed), ("new.vhdx", VhdType.Dynamic),
        ("new.raw", VhdType.Fixed),
    ];

    public static TheoryData<string> SourceNames => [.. Sources.Select(source => string.Join(' ', source))];

    [Theory(Timeout = 300_000)]
    [MemberData(nameof(SourceNames))]
    public async Task Convert_QemuImage_QemuFindsEveryTargetIdentical(string source)
    {
        Qemu.Require();
        using var folder = new DiskFolder();
        ReferenceDisk content = DiskFolder.MakeContent();
        string raw = folder.MakeRaw("content.raw", content);
        string path = await MakeByQemuAsync(folder, raw, source.Split(' '));

        foreach ((string name, VhdType type) in Targets)
        {
            BaseVhd disk = await Operations.ConvertAsync(path, folder[name], type, overwrite: true);

            Assert.Equal((type, (long)content.Content.Length), (disk.VhdType, disk.Size));
            await Qemu.AssertAgreesAsync(disk);
            await Qemu.AssertSameAsync(raw, VhdFormat.Raw, disk.Path, disk.VhdFormat);
            folder.AssertReads(name, content);
        }
    }

    [Theory(Timeout = 60_000)]
    [InlineData("new.vhd", VhdType.Fixed, 13L * MiB)]
    [InlineData("new.vhd", VhdType.Dynamic, 13L * MiB)]
    [InlineData("new.vhdx", VhdType.Dynamic, (12L * MiB) + 512)]
    [InlineData("new.raw", VhdType.Fixed, (12L * MiB) + 512)]
    public async Task Convert_SizeNotWholeMebibytes_RoundedUpForVhd(string name, VhdType type, long expected)
    {
        using var folder = new DiskFolder();
        ReferenceDisk content = DiskFolder.MakeContent((12 * MiB) + 512);
        string source = folder.MakeRaw("source.raw", content);

        BaseVhd disk = await Operations.ConvertAsync(source, folder[name], type);

        Assert.Equal(expected, disk.Size);
        folder.AssertReads(name, content, expected);
    }

    [Theory(Timeout = 120_000)]
    [InlineData("new.vhd", VhdType.Fixed, null, 13)]
    [InlineData("new.vhd", VhdType.Dynamic, null, 13)]
    [InlineData("new.vhd", VhdType.Fixed, 40, 40)]
    [InlineData("new.vhd", VhdType.Dynamic, 40, 40)]
    [InlineData("new.vhd", VhdType.Fixed, 8, 8)]
    [InlineData("new.vhdx", VhdType.Dynamic, 40, 40)]
    [InlineData("new.vhdx", VhdType.Fixed, 8, 8)]
    [InlineData("new.raw", VhdType.Fixed, 8, 8)]
    public async Task Convert_SizeChanges_GptMovesAndPartitionStays(string name, VhdType type, int? askedMiB, int expectedMiB)
    {
        Programs.Require("sgdisk");
        using var folder = new DiskFolder();
        ReferenceDisk content = DiskFolder.MakeContent((12 * MiB) + 3584);
        string source = folder.MakeRaw("source.raw", content);
        await Programs.RunAsync("sgdisk", "-o", "-n", "1:2048:+6M", "-t", "1:ef00", source);

        BaseVhd disk = await Operations.ConvertAsync(source, folder[name], type, askedMiB * (long?)MiB);

        Assert.Equal((expectedMiB * (long)MiB, PartitionStyle.Gpt, DiskGeneration.Gen2), (disk.Size, disk.PartitionStyle, disk.Generation));
        Assert.Empty(disk.Findings);
        byte[] shown = folder.Read(name);
        Assert.True(shown.AsSpan(MiB, 6 * MiB).SequenceEqual(content.Content.AsSpan(MiB, 6 * MiB)));
        await Gpt.VerifyAsync(folder, shown);
    }

    [Fact(Timeout = 60_000)]
    public async Task Convert_ToLessThanThePartitions_Refused()
    {
        Programs.Require("sgdisk");
        using var folder = new DiskFolder();
        string source = folder.MakeRaw("source.raw", DiskFolder.MakeContent());
        await Programs.RunAsync("sgdisk", "-o", "-n", "1:2048:+6M", source);

        DiskOperationException exception = await Assert.ThrowsAsync<DiskOperationException>(
            () => Operations.ConvertAsync(source, folder["new.vhd"], sizeInBytes: 7 * MiB));

        Assert.Equal(ErrorCode.ShrinkCutsPartition, exception.Code);
        Assert.Equal(["source.raw"], folder.Names);
    }

    [Fact(Timeout = 60_000)]
    public async Task Convert_Difference_TakesTheWholeChain()
    {
        using var folder = new DiskFolder();
        ReferenceDisk content = DiskFolder.MakeContent();
        await folder.MakeAsync("base.vhd", content);
        ReferenceDisk child = await folder.MakeDifferenceAsync("child.vhd", "base.vhd", content, (1024, 4096, 5), (6 * MiB, 8192, 0));

        await Operations.ConvertAsync(folder["child.vhd"], folder["new.vhdx"], VhdType.Dynamic);

        folder.AssertReads("new.vhdx", child);
    }

    [Theory(Timeout = 60_000)]
    [InlineData("child.vhd")]
    [InlineData("base.vhd")]
    public async Task Convert_OntoMemberOfTheChain_Refused(string target)
    {
        using var folder = new DiskFolder();
        ReferenceDisk content = DiskFolder.MakeContent();
        await folder.MakeAsync("base.vhd", content);
        ReferenceDisk child = await folder.MakeDifferenceAsync("child.vhd", "base.vhd", content, (1024, 4096, 5));

        DiskOperationException exception = await Assert.ThrowsAsync<DiskOperationException>(
            () => Operations.ConvertAsync(folder["child.vhd"], folder[target], overwrite: true));

        Assert.Equal((ErrorCode.InvalidArgument, folder[target]), (exception.Code, exception.Target));
        folder.AssertReads("child.vhd", child);
        Assert.Equal(["base.vhd", "child.vhd"], folder.Names);
    }

    [Fact(Timeout = 60_000)]
    public async Task Convert_OntoLinkToSource_Refused()
    {
        Assert.SkipWhen(OperatingSystem.IsWindows(), "Links need rights on Windows.");
        using var folder = new DiskFolder();
        ReferenceDisk content = DiskFolder.MakeContent();
        await folder.MakeAsync("disk.vhd", content);
        File.CreateSymbolicLink(folder["link.vhd"], folder["disk.vhd"]);

        await Assert.ThrowsAsync<DiskOperationException>(
            () => Operations.ConvertAsync(folder["disk.vhd"], folder["link.vhd"], overwrite: true));

        folder.AssertReads("disk.vhd", content);
    }

    [Fact(Timeout = 60_000)]
    public async Task Convert_Overwrite_ReplacesWhatWasThere()
    {
        using var folder = new DiskFolder();
        ReferenceDisk content = DiskFolder.MakeContent();
        string source = folder.MakeRaw("source.raw", content);
        await File.WriteAllTextAsync(folder["new.vhd"], "something else", TestContext.Current.CancellationToken);

        await Operations.ConvertAsync(source, folder["new.vhd"], overwrite: true);

        folder.AssertReads("new.vhd", content);
        Assert.Equal(["new.vhd", "source.raw"], folder.Names);
    }

    [Fact(Timeout = 60_000)]
    public async Task Convert_DiskOfZeros_IsAllHoles()
    {
        using var folder = new DiskFolder();
        await File.WriteAllBytesAsync(folder["zeros.raw"], new byte[8 * MiB], TestContext.Current.CancellationToken);

        BaseVhd fixedDisk = await Operations.ConvertAsync(folder["zeros.raw"], folder["fixed.vhd"]);
        BaseVhd dynamicDisk = await Operations.ConvertAsync(folder["zeros.raw"], folder["dynamic.vhd"], VhdType.Dynamic);

        Assert.InRange(fixedDisk.AllocatedSize, 0, 65_536);
        Assert.InRange(dynamicDisk.FileSize, 0, 65_536);
    }

    [Theory(Timeout = 60_000)]
    [InlineData(1)]
    [InlineData(3)]
    [InlineData(16)]
    public async Task Convert_AnyParallelism_SameContent(int parallelism)
    {
        using var folder = new DiskFolder();
        ReferenceDisk content = DiskFolder.MakeContent();
        await folder.MakeAsync("disk.vhd", content, VhdType.Dynamic, 512 << 10);
        var options = new DiskConversionOptions
        {
            SourcePath = folder["disk.vhd"],
            DestinationPath = folder["new.vhdx"],
            Type = VhdType.Dynamic,
            Parallelism = parallelism,
        };

        await DiskConversion.ConvertAsync(options, null, TestContext.Current.CancellationToken);

        folder.AssertReads("new.vhdx", content);
    }

    private static async Task<string> MakeByQemuAsync(DiskFolder folder, string raw, string[] source)
    {
        string path = folder[$"source.{source[0]}"];
        string[] options = source switch
        {
            [_] => [],
            [_, "compressed"] => ["-c"],
            [_, var list] => ["-o", list],
            _ => throw new ArgumentException("One option at most.", nameof(source)),
        };
        await Qemu.RunAsync(["convert", "-f", "raw", "-O", source[0], .. options, raw, path]);
        return path;
    }
}
