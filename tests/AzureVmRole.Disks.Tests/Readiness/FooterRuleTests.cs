using AzureVmRole.Disks.Copying;
using AzureVmRole.Disks.Files;
using AzureVmRole.Disks.Partitions;
using AzureVmRole.Disks.Readiness;
using AzureVmRole.Disks.Tests.Vhd;
using AzureVmRole.TestKit;
using Xunit;

namespace AzureVmRole.Disks.Tests.Readiness;

/// <summary>The rules about a VHD's footer, with real files.</summary>
public sealed class FooterRuleTests : IDisposable
{
    private const int Length = 20 << 20;

    private readonly TemporaryFolder _folder = new();

    /// <summary>Which field of a sound footer gets which value, and what must come of it; nothing for an empty id.</summary>
    public static TheoryData<int, string, string, FindingSeverity, bool> Fields => new()
    {
        { 8, "00000002", "", FindingSeverity.Error, false },
        { 8, "00000003", "", FindingSeverity.Error, false },
        { 8, "00000000", "FooterFields", FindingSeverity.Error, true },
        { 8, "00000006", "FooterFields", FindingSeverity.Error, true },
        { 16, "0000000000000200", "FooterFields", FindingSeverity.Error, true },
        { 84, "01", "FooterFields", FindingSeverity.Warning, true },
        { 200, "01", "FooterFields", FindingSeverity.Information, false },
        { 56, "FFFF10FF", "", FindingSeverity.Warning, false },
        { 56, "025A0412", "FooterGeometry", FindingSeverity.Warning, true },
        { 28, "71656D32", "", FindingSeverity.Warning, false },
        { 28, "76706320", "FooterCreator", FindingSeverity.Warning, true },
        { 28, "7662 6F78", "FooterCreator", FindingSeverity.Warning, true },
        { 68, "00000000000000000000000000000000", "FooterIdentifier", FindingSeverity.Warning, false },
        { 24, "FFFFFFFF", "", FindingSeverity.Warning, false },
    };

    public void Dispose() => _folder.Dispose();

    [Theory]
    [MemberData(nameof(Fields))]
    public void Apply_OneFooterField_OnlyItsOwnRule(int field, string hex, string ruleId, FindingSeverity severity, bool canRepair)
    {
        byte[] image = new VhdImageBuilder(Length, VhdImageBuilder.Fixed).ToArray();
        byte[] value = Convert.FromHexString(hex.Replace(" ", "", StringComparison.Ordinal));

        DiskFinding[] findings = Apply(VhdBytes.SetFooter(image, field, value));

        if (ruleId.Length == 0)
        {
            Assert.Empty(findings);
        }
        else
        {
            DiskFinding finding = Assert.Single(findings);
            Assert.Equal((ruleId, severity, canRepair), (finding.RuleId, finding.Severity, finding.CanRepair));
            Assert.Contains($"offset {(field == 200 ? 85 : field)}", finding.Found, StringComparison.Ordinal);
        }
    }

    [Fact]
    public void FooterCreator_GeometryTellsTheSize_Nothing()
    {
        byte[] image = new VhdImageBuilder(602 * 4 * 17 * 512, VhdImageBuilder.Fixed) { Creator = "qemu" }.ToArray();

        Assert.DoesNotContain(Apply(image), finding => finding.RuleId is "FooterCreator");
    }

    [Theory]
    [InlineData(VhdType.Fixed)]
    [InlineData(VhdType.Dynamic)]
    public void Apply_LargestDisk_FewBytesOfMemory(VhdType type)
    {
        string path = _folder.File("disk.vhd");
        var target = new DiskTarget { Path = path, Format = VhdFormat.Vhd, Type = type, SizeInBytes = 2040L << 30 };
        using (var file = DiskFile.Create(path))
        {
            target.CreateWriter(file, TimeProvider.System).Complete();
        }

        long before = GC.GetAllocatedBytesForCurrentThread();
        using (VirtualDisk disk = VirtualDiskFile.Open(path))
        {
            var table = PartitionTable.Read(disk);
            IReadOnlyList<DiskFinding> findings = ReadinessCatalogue.Apply(
                new ReadinessSubject(disk, table, table.Generation, false, true));
            string[] expected = type == VhdType.Dynamic ? ["ContainerType"] : [];
            Assert.Equal(expected, findings.Select(finding => finding.RuleId).ToArray());
        }

        // The block table of a dynamic disk has 4 MiB; nothing else is large.
        Assert.InRange(GC.GetAllocatedBytesForCurrentThread() - before, 0, 9 << 20);
    }

    private DiskFinding[] Apply(byte[] image)
    {
        string path = _folder.File("disk.vhd");
        File.WriteAllBytes(path, image);
        using VirtualDisk disk = VirtualDiskFile.Open(path);
        var table = PartitionTable.Read(disk);
        return [.. ReadinessCatalogue.Apply(new ReadinessSubject(disk, table, table.Generation, false, true))];
    }
}
