using AzureVmRole.Engine.Images.Inspection;
using AzureVmRole.Engine.Images.Repair;
using AzureVmRole.TestKit;
using Xunit;

namespace AzureVmRole.Engine.Tests.Images.Repair;

public sealed class DiskRepairTests
{
    private const int MiB = DiskFolder.MiB;

    [Fact(Timeout = 60_000)]
    public async Task Repair_SoundDisk_ChangesNothing()
    {
        using var folder = new DiskFolder();
        await folder.MakeAsync("disk.vhd", DiskFolder.MakeContent(), VhdType.Dynamic);
        using DiskFolder copy = folder.Copy();

        RepairReport report = await RepairAsync(folder["disk.vhd"]);

        Assert.Empty(report.Repaired);
        Assert.True(folder.HasSameFile("disk.vhd", copy));
        Assert.Equal(File.GetLastWriteTimeUtc(copy["disk.vhd"]), File.GetLastWriteTimeUtc(folder["disk.vhd"]));
    }

    /// <summary>Damage is one byte set: at an offset from the file's start, or (negative) from its end.</summary>
    [Theory(Timeout = 60_000)]
    [InlineData(VhdType.Dynamic, 64, "VhdFooterCopy")]
    [InlineData(VhdType.Dynamic, 512 + 36, "VhdHeaderChecksum")]
    [InlineData(VhdType.Dynamic, -512 + 64, "VhdFooterChecksum")]
    [InlineData(VhdType.Fixed, -512 + 64, "VhdFooterChecksum")]
    public async Task Repair_OneByteWrong_MendedAndChildStaysValid(VhdType type, int offset, string ruleId)
    {
        using var folder = new DiskFolder();
        ReferenceDisk content = DiskFolder.MakeContent();
        await folder.MakeAsync("disk.vhd", content, type);
        ReferenceDisk child = await folder.MakeDifferenceAsync("child.vhd", "disk.vhd", content, (512, 512, 5));
        DateTime modified = File.GetLastWriteTimeUtc(folder["disk.vhd"]);
        Damage(folder["disk.vhd"], offset);
        File.SetLastWriteTimeUtc(folder["disk.vhd"], modified);

        DiskFinding[] planned = await DiskRepair.PlanAsync(folder["disk.vhd"], TestContext.Current.CancellationToken);
        RepairReport report = await RepairAsync(folder["disk.vhd"]);

        Assert.Contains(planned, finding => finding.RuleId == ruleId);
        Assert.Contains(report.Repaired, finding => finding.RuleId == ruleId);
        Assert.DoesNotContain(report.Remaining, finding => finding.CanRepair);
        Assert.Empty((await DiskInspection.InspectAsync(folder["disk.vhd"], TestContext.Current.CancellationToken)).Findings);
        folder.AssertReads("disk.vhd", content);
        folder.AssertReads("child.vhd", child);
        Assert.Equal(["child.vhd", "disk.vhd"], folder.Names);
    }

    [Theory(Timeout = 60_000)]
    [InlineData("fixed")]
    [InlineData("dynamic")]
    public async Task Repair_QemuDiskOfOddSize_WholeMebibytesAndSizeHonoured(string subformat)
    {
        Qemu.Require();
        using var folder = new DiskFolder();
        ReferenceDisk content = DiskFolder.MakeContent();
        string raw = folder.MakeRaw("content.raw", content);
        await Qemu.RunAsync("convert", "-f", "raw", "-O", "vpc", "-o", $"subformat={subformat}", raw, folder["disk.vhd"]);
        long size = (await DiskInspection.InspectAsync(folder["disk.vhd"], TestContext.Current.CancellationToken)).Size;
        Assert.NotEqual(0, size % MiB);

        RepairReport report = await RepairAsync(folder["disk.vhd"]);

        Assert.Contains(report.Repaired, finding => finding.RuleId == "SizeWholeMebibytes");
        BaseVhd disk = await DiskInspection.InspectAsync(folder["disk.vhd"], TestContext.Current.CancellationToken);
        Assert.Equal((size + MiB - 1) / MiB * MiB, disk.Size);
        folder.AssertReads("disk.vhd", content, disk.Size);
        await Qemu.AssertAgreesAsync(disk);
    }

    [Fact(Timeout = 60_000)]
    public async Task Repair_BackupGptNotAtEnd_MovedThere()
    {
        Programs.Require("sgdisk");
        using var folder = new DiskFolder();
        string source = folder.MakeRaw("source.raw", DiskFolder.MakeContent());
        await Programs.RunAsync("sgdisk", "-o", "-n", "1:2048:+6M", source);
        using (FileStream file = File.Open(source, FileMode.Open))
        {
            file.SetLength(15 * MiB);
        }

        await Operations.ConvertAsync(source, folder["disk.vhd"]);

        RepairReport report = await RepairAsync(folder["disk.vhd"]);

        Assert.Contains(report.Repaired, finding => finding.RuleId == "GptBackupNotAtEnd");
        await Gpt.VerifyAsync(folder, folder.Read("disk.vhd"));
    }

    [Fact(Timeout = 60_000)]
    public async Task Repair_OtherFormat_NothingIsRepairable()
    {
        using var folder = new DiskFolder();
        await folder.MakeAsync("disk.vhdx", DiskFolder.MakeContent(), VhdType.Dynamic);
        using DiskFolder copy = folder.Copy();

        RepairReport report = await RepairAsync(folder["disk.vhdx"]);

        Assert.Empty(report.Repaired);
        Assert.Contains(report.Remaining, finding => finding.RuleId == "ContainerFormat");
        Assert.True(folder.HasSameFile("disk.vhdx", copy));
    }

    private static void Damage(string path, int offset)
    {
        using FileStream file = File.Open(path, FileMode.Open);
        file.Position = offset < 0 ? file.Length + offset : offset;
        file.WriteByte(0x5A);
    }

    private static Task<RepairReport> RepairAsync(string path) =>
        DiskRepair.RepairAsync(path, TestContext.Current.CancellationToken);
}
