using AzureVmRole.Engine.Images.Inspection;
using AzureVmRole.TestKit;
using Xunit;

namespace AzureVmRole.Engine.Tests.Images.Resizing;

public sealed class DiskResizeTests
{
    private const int MiB = DiskFolder.MiB;

    public static TheoryData<string, VhdType> Kinds => new()
    {
        { "disk.vhd", VhdType.Fixed },
        { "disk.vhd", VhdType.Dynamic },
        { "disk.vhdx", VhdType.Fixed },
        { "disk.vhdx", VhdType.Dynamic },
        { "disk.raw", VhdType.Fixed },
    };

    [Theory(Timeout = 120_000)]
    [MemberData(nameof(Kinds))]
    public async Task Resize_NoTable_GrowsWithZerosAndShrinksThem(string name, VhdType type)
    {
        Qemu.Require();
        using var folder = new DiskFolder();
        ReferenceDisk content = DiskFolder.MakeContent();
        await folder.MakeAsync(name, content, type);
        Guid identifier = (await DiskInspection.InspectAsync(folder[name], TestContext.Current.CancellationToken)).DiskIdentifier;

        BaseVhd grown = await Operations.ResizeAsync(folder[name], 29 * MiB);
        folder.AssertReads(name, content, 29 * MiB);
        await Qemu.AssertAgreesAsync(grown);
        BaseVhd shrunk = await Operations.ResizeAsync(folder[name], 12 * MiB);

        folder.AssertReads(name, content);
        await Qemu.AssertAgreesAsync(shrunk);
        Assert.Equal((type, identifier), (shrunk.VhdType, shrunk.DiskIdentifier));
        Assert.Empty(shrunk.Findings);
        Assert.Equal([name], folder.Names);
    }

    [Theory(Timeout = 120_000)]
    [MemberData(nameof(Kinds))]
    public async Task Resize_NoTable_DataIsNotCut(string name, VhdType type)
    {
        using var folder = new DiskFolder();
        ReferenceDisk content = DiskFolder.MakeContent();
        await folder.MakeAsync(name, content, type);

        DiskOperationException exception = await Assert.ThrowsAsync<DiskOperationException>(
            () => Operations.ResizeAsync(folder[name], 11 * MiB));

        Assert.Equal((ErrorCode.ShrinkCutsPartition, folder[name]), (exception.Code, exception.Target));
        folder.AssertReads(name, content);
        Assert.Equal([name], folder.Names);
    }

    [Theory(Timeout = 120_000)]
    [MemberData(nameof(Kinds))]
    public async Task Resize_Gpt_BackupMovesBothWays(string name, VhdType type)
    {
        using var folder = new DiskFolder();
        ReferenceDisk content = await MakePartitionedAsync(folder, name, type, "sgdisk", "-o", "-n", "1:2048:+6M");

        BaseVhd grown = await Operations.ResizeAsync(folder[name], 29 * MiB);
        Assert.Empty(grown.Findings);
        await Gpt.VerifyAsync(folder, folder.Read(name));
        BaseVhd shrunk = await Operations.ResizeAsync(folder[name], null);

        byte[] shown = folder.Read(name);
        Assert.Equal(8 * MiB, shrunk.Size);
        Assert.Empty(shrunk.Findings);
        await Gpt.VerifyAsync(folder, shown);
        Assert.True(shown.AsSpan(MiB, 6 * MiB).SequenceEqual(content.Content.AsSpan(MiB, 6 * MiB)));
    }

    [Theory(Timeout = 120_000)]
    [MemberData(nameof(Kinds))]
    public async Task Resize_Mbr_StopsAtTheLastPartition(string name, VhdType type)
    {
        using var folder = new DiskFolder();
        ReferenceDisk content = await MakePartitionedAsync(
            folder, name, type, "sfdisk", "label: dos\nstart=2048, size=4096, type=83, bootable\nstart=8192, size=12288, type=5\nstart=10240, size=4096, type=83\n");

        DiskOperationException exception = await Assert.ThrowsAsync<DiskOperationException>(
            () => Operations.ResizeAsync(folder[name], 9 * MiB));
        folder.AssertReads(name, content);
        await Operations.ResizeAsync(folder[name], 20 * MiB);
        BaseVhd shrunk = await Operations.ResizeAsync(folder[name], null);

        Assert.Equal(ErrorCode.ShrinkCutsPartition, exception.Code);
        Assert.Equal((10L * MiB, PartitionStyle.Mbr), (shrunk.Size, shrunk.PartitionStyle));
        Assert.Equal([1, 2, 5], shrunk.Partitions.Select(partition => partition.Number));
        Assert.Empty(shrunk.Findings);
        Assert.True(folder.Read(name).AsSpan().SequenceEqual(content.Content.AsSpan(0, 10 * MiB)));
    }

    [Fact(Timeout = 60_000)]
    public async Task Resize_DynamicFarBeyondItsTable_KeepsContent()
    {
        Qemu.Require();
        using var folder = new DiskFolder();
        ReferenceDisk content = DiskFolder.MakeContent();
        await folder.MakeAsync("disk.vhd", content, VhdType.Dynamic, 512 << 10);

        BaseVhd grown = await Operations.ResizeAsync(folder["disk.vhd"], 900L << 30);

        Assert.Equal((900L << 30, VhdType.Dynamic), (grown.Size, grown.VhdType));
        Assert.Empty(grown.Findings);
        await Qemu.AssertAgreesAsync(grown);
        folder.MakeRaw("content.raw", content);
        await Qemu.AssertSameAsync(folder["content.raw"], VhdFormat.Raw, folder["disk.vhd"], VhdFormat.Vhd);
    }

    [Fact(Timeout = 60_000)]
    public async Task Resize_SameSize_ChangesNothing()
    {
        using var folder = new DiskFolder();
        await folder.MakeAsync("disk.vhd", DiskFolder.MakeContent(), VhdType.Dynamic);
        using DiskFolder copy = folder.Copy();

        await Operations.ResizeAsync(folder["disk.vhd"], 12 * MiB);

        Assert.True(folder.HasSameFile("disk.vhd", copy));
    }

    [Fact(Timeout = 60_000)]
    public async Task Resize_ParentOfDifference_ChildTellsThatItChanged()
    {
        using var folder = new DiskFolder();
        await folder.MakeAsync("base.vhd", DiskFolder.MakeContent());
        File.SetLastWriteTimeUtc(folder["base.vhd"], new DateTime(2024, 2, 3, 4, 5, 6, DateTimeKind.Utc));
        await folder.MakeDifferenceAsync("child.vhd", "base.vhd", DiskFolder.MakeContent());

        await Operations.ResizeAsync(folder["base.vhd"], 16 * MiB);

        DiskOperationException exception = await Assert.ThrowsAsync<DiskOperationException>(
            () => Operations.ConvertAsync(folder["child.vhd"], folder["new.vhd"]));
        Assert.Equal((ErrorCode.ParentModified, folder["child.vhd"]), (exception.Code, exception.Target));
    }

    private static async Task<ReferenceDisk> MakePartitionedAsync(
        DiskFolder folder, string name, VhdType type, string program, params string[] arguments)
    {
        Programs.Require("sgdisk", "sfdisk");
        string source = folder.MakeRaw("source.img", DiskFolder.MakeContent());
        if (program == "sfdisk")
        {
            await File.WriteAllTextAsync(folder["script"], arguments[0], TestContext.Current.CancellationToken);
            await Programs.RunAsync("sh", "-c", $"sfdisk --quiet --wipe never '{source}' < '{folder["script"]}'");
            File.Delete(folder["script"]);
        }
        else
        {
            await Programs.RunAsync(program, [.. arguments, source]);
        }

        var content = new ReferenceDisk(12 * MiB);
        (await File.ReadAllBytesAsync(source, TestContext.Current.CancellationToken)).CopyTo(content.Content, 0);

        // What lies behind the partitions is nobody's.
        if (program == "sfdisk")
        {
            content.Content.AsSpan(10 * MiB).Clear();
            content.SaveRaw(source);
        }

        await Operations.ConvertAsync(source, folder[name], type);
        File.Delete(source);
        return content;
    }
}
