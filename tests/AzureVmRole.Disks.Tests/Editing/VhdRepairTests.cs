using AzureVmRole.Disks.Editing;
using AzureVmRole.Disks.Partitions;
using AzureVmRole.Disks.Readiness;
using AzureVmRole.Disks.Tests.Vhd;
using AzureVmRole.TestKit;
using Xunit;

namespace AzureVmRole.Disks.Tests.Editing;

/// <summary>Every finding that says it can be repaired is gone after the repair, with the same content, killed at every point.</summary>
public sealed class VhdRepairTests
{
    private const int MiB = 1 << 20;
    private const int BlockSize = 65_536;

    private static ReferenceDisk Content { get; } = new ReferenceDisk(MiB).Fill(0, 8192, 1).Fill(MiB - 2048, 2048, 2);

    private static byte[] FixedImage => new VhdImageBuilder(MiB, VhdImageBuilder.Fixed).Write(0, Content.Content).ToArray();

    private static byte[] DynamicImage => new VhdImageBuilder(MiB, VhdImageBuilder.Dynamic, BlockSize)
        .Write(MiB - BlockSize, Content.Content.AsSpan(MiB - BlockSize)).Write(0, Content.Content.AsSpan(0, 8192)).ToArray();

    public static TheoryData<string> Damages => [.. Images.Keys];

    private static Dictionary<string, (byte[] Image, string RuleId)> Images { get; } = new(StringComparer.Ordinal)
    {
        ["fixed, checksum"] = (VhdBytes.SetFooter(FixedImage, 64, [1], seal: false), "VhdFooterChecksum"),
        ["fixed, current size"] = (VhdBytes.SetFooter(FixedImage, 48, VhdBytes.UInt64(5)), "VhdCurrentSize"),
        ["fixed, 511 bytes"] = (FixedImage[..^1], "VhdFooterShort"),
        ["fixed, features"] = (VhdBytes.SetFooter(FixedImage, 8, VhdBytes.UInt32(0)), "FooterFields"),
        ["fixed, data offset"] = (VhdBytes.SetFooter(FixedImage, 16, VhdBytes.UInt64(512)), "FooterFields"),
        ["fixed, saved state"] = (VhdBytes.SetFooter(FixedImage, 84, [1]), "FooterFields"),
        ["fixed, geometry"] = (VhdBytes.SetFooter(FixedImage, 56, VhdBytes.UInt32(0x00010101)), "FooterGeometry"),
        ["fixed, creator"] = (VhdBytes.SetFooter(FixedImage, 28, "vpc "u8.ToArray()), "FooterCreator"),
        ["dynamic, tail missing"] = (DynamicImage[..^512], "VhdFooterTail"),
        ["dynamic, tail cookie"] = (VhdBytes.SetFooter(DynamicImage, 0, [0]), "VhdFooterTail"),
        ["dynamic, tail checksum"] = (VhdBytes.SetFooter(DynamicImage, 64, [1], seal: false), "VhdFooterChecksum"),
        ["dynamic, 511 bytes"] = (DynamicImage[..^1], "VhdFooterShort"),
        ["dynamic, copy cookie"] = (VhdBytes.SetCopy(DynamicImage, 0, [0]), "VhdFooterCopy"),
        ["dynamic, copy checksum"] = (VhdBytes.SetCopy(DynamicImage, 64, [1], seal: false), "VhdFooterCopy"),
        ["dynamic, header checksum"] = (VhdBytes.SetHeader(DynamicImage, 36, [1], seal: false), "VhdHeaderChecksum"),
        ["dynamic, features"] = (VhdBytes.SetBoth(DynamicImage, 8, VhdBytes.UInt32(8)), "FooterFields"),
        ["dynamic, geometry"] = (VhdBytes.SetBoth(DynamicImage, 56, VhdBytes.UInt32(0)), "FooterGeometry"),
    };

    [Theory]
    [MemberData(nameof(Damages))]
    public void Repair_KilledAnywhere_FindingGoneContentAndTimeKept(string damage)
    {
        (byte[] image, string ruleId) = Images[damage];
        using EditCase disk = new(image);
        Assert.Contains(Findings(disk.Path), finding => finding.RuleId == ruleId && finding.CanRepair);
        DiskEdit edit = disk.Plan(editor => editor.PlanRepair(MiB, []));
        Assert.NotNull(edit.LastWriteTimeUtc);

        disk.AssertEveryPrefix(edit, path => DiskContent.Equal(Content.Content, path), AssertSound);
    }

    [Theory(Timeout = 120_000)]
    [MemberData(nameof(Damages))]
    public async Task Repair_Done_QemuReadsTheSame(string damage)
    {
        using var folder = new TemporaryFolder();
        using EditCase disk = new(Images[damage].Image);
        disk.Apply(disk.Plan(editor => editor.PlanRepair(MiB, [])));

        await QemuImg.CompareAsync(folder, Content, disk.Path);
    }

    [Fact]
    public void Repair_SizeNotWholeMebibytes_RoundedUpAndSound()
    {
        const int Odd = 1_079_296;
        byte[] data = new byte[Odd];
        Content.Content.CopyTo(data, 0);
        byte[] rounded = [.. data, .. new byte[(2 * MiB) - Odd]];
        foreach (int type in (int[])[VhdImageBuilder.Fixed, VhdImageBuilder.Dynamic])
        {
            byte[] image = new VhdImageBuilder(Odd, type, BlockSize) { Creator = "qemu" }.Write(0, data).ToArray();
            using EditCase disk = new(image);
            disk.AssertEveryPrefix(
                disk.Plan(editor => editor.PlanRepair(2 * MiB, [])), path => DiskContent.Equal(data, path), path => DiskContent.Equal(rounded, path));
            Assert.DoesNotContain(Findings(disk.Path), finding => finding.CanRepair);
        }
    }

    [Fact]
    public void Repair_ReservedBytes_AreKept()
    {
        byte[] reserved = [.. Enumerable.Range(1, 200).Select(value => (byte)value)];
        byte[] image = VhdBytes.SetHeader(DynamicImage, 768, reserved);
        image = VhdBytes.SetBoth(image, 100, reserved);
        using EditCase disk = new(VhdBytes.SetFooter(image, 64, [1], seal: false));

        disk.Apply(disk.Plan(editor => editor.PlanRepair(MiB, [])));

        byte[] repaired = File.ReadAllBytes(disk.Path);
        Assert.Equal(reserved, repaired[(VhdImageBuilder.HeaderOffset + 768)..][..200]);
        Assert.Equal(reserved, repaired[100..300]);
        Assert.Equal(repaired[..512], repaired[^512..]);
    }

    private static void AssertSound(string path)
    {
        string[] told = File.Exists(path + EditJournal.Suffix) ? ["VhdChangeInterrupted"] : [];
        Assert.Equal<string[]>(told, [.. Findings(path).Where(finding => finding.CanRepair).Select(finding => finding.RuleId)]);
        DiskContent.Equal(Content.Content, path);
    }

    private static IReadOnlyList<DiskFinding> Findings(string path)
    {
        using VirtualDisk disk = VirtualDiskFile.Open(path);
        var table = PartitionTable.Read(disk);
        return ReadinessCatalogue.Apply(new ReadinessSubject(disk, table, table.Generation, false, true));
    }
}
