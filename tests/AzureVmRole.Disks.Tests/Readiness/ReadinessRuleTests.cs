using AzureVmRole.Disks.Files;
using AzureVmRole.Disks.Readiness;
using AzureVmRole.TestKit;
using Xunit;

namespace AzureVmRole.Disks.Tests.Readiness;

/// <summary>Every rule about container and partitions: what speaks against a disk, and that the disk beside it is let through.</summary>
public sealed class ReadinessRuleTests : IDisposable
{
    private const long MiB = 1 << 20;
    private const long GiB = 1 << 30;

    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public void Apply_DiskAsAzureWantsIt_NothingFromAnyRule() =>
        Assert.Empty(ReadinessCatalogue.Apply(Disk(127 * GiB).With(PartitionStyle.Mbr, DiskGeneration.Gen1)));

    [Fact]
    public void Rules_Ids_AreUnique() =>
        Assert.Equal(ReadinessCatalogue.Rules.Count, ReadinessCatalogue.Rules.Select(rule => rule.Id).Distinct(StringComparer.Ordinal).Count());

    [Theory]
    [InlineData(VhdFormat.Vhd, false)]
    [InlineData(VhdFormat.Vhdx, true)]
    [InlineData(VhdFormat.Qcow2, true)]
    [InlineData(VhdFormat.Raw, true)]
    public void ContainerFormat_OnlyAVhd(VhdFormat format, bool isWrong) => AssertRule(
        "ContainerFormat", isWrong, FindingSeverity.Error,
        new StatedDisk(OpenFile(), 127 * GiB) { StatedFormat = format }.With(PartitionStyle.Mbr, DiskGeneration.Gen1));

    [Theory]
    [InlineData(VhdType.Fixed, false)]
    [InlineData(VhdType.Dynamic, true)]
    public void ContainerType_OnlyFixed(VhdType type, bool isWrong) => AssertRule(
        "ContainerType", isWrong, FindingSeverity.Error,
        new StatedDisk(OpenFile(), 127 * GiB) { StatedType = type }.With(PartitionStyle.Mbr, DiskGeneration.Gen1));

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public void ContainerParent_OnlyWithoutOne(bool hasParent) => AssertRule(
        "ContainerParent", hasParent, FindingSeverity.Error,
        new StatedDisk(OpenFile(), 127 * GiB) { StatedType = VhdType.Differencing, StatedParent = hasParent ? Disk(127 * GiB) : null }
            .With(PartitionStyle.Mbr, DiskGeneration.Gen1));

    [Theory]
    [InlineData(127 * GiB, false)]
    [InlineData((127 * GiB) + 512, true)]
    [InlineData((127 * GiB) - 512, true)]
    [InlineData(4_295_467_008, true)]
    public void SizeWholeMebibytes_NotOneSectorMore(long size, bool isWrong) => AssertRule(
        "SizeWholeMebibytes", isWrong, FindingSeverity.Error, Disk(size).With(PartitionStyle.Mbr, DiskGeneration.Gen1), canRepair: isWrong);

    [Theory]
    [InlineData(20 * MiB, false)]
    [InlineData(19 * MiB, true)]
    public void SizeMinimum_TwentyMebibytes(long size, bool isWrong) => AssertRule(
        "SizeMinimum", isWrong, FindingSeverity.Error, Disk(size).With(PartitionStyle.Mbr, DiskGeneration.Gen1));

    [Theory]
    [InlineData(2048 * GiB, DiskGeneration.Gen1, false, false)]
    [InlineData((2048 * GiB) + MiB, DiskGeneration.Gen1, false, true)]
    [InlineData((2048 * GiB) + MiB, DiskGeneration.Gen2, false, false)]
    [InlineData(4095 * GiB, DiskGeneration.Gen2, false, false)]
    [InlineData((4095 * GiB) + MiB, DiskGeneration.Gen2, false, true)]
    [InlineData((4095 * GiB) + MiB, DiskGeneration.Gen2, true, false)]
    [InlineData(32_767 * GiB, DiskGeneration.Gen1, true, false)]
    [InlineData((32_767 * GiB) + MiB, DiskGeneration.Gen1, true, true)]
    [InlineData((32_767 * GiB) + MiB, DiskGeneration.Unknown, false, true)]
    public void SizeMaximum_ByUseAndGeneration(long size, DiskGeneration generation, bool isDataDisk, bool isWrong) => AssertRule(
        "SizeMaximum", isWrong, FindingSeverity.Error,
        Disk(size).With(generation == DiskGeneration.Gen2 ? PartitionStyle.Gpt : PartitionStyle.Mbr, generation, isDataDisk: isDataDisk));

    [Theory]
    [InlineData(512, false)]
    [InlineData(4096, true)]
    public void SectorSize_Only512(int size, bool isWrong) => AssertRule(
        "SectorSize", isWrong, FindingSeverity.Error,
        new StatedDisk(OpenFile(), 127 * GiB) { StatedSectorSize = size }.With(PartitionStyle.Mbr, DiskGeneration.Gen1));

    [Theory]
    [InlineData(PartitionStyle.Mbr, DiskGeneration.Gen1, DiskGeneration.Gen1, false, false)]
    [InlineData(PartitionStyle.Gpt, DiskGeneration.Gen2, DiskGeneration.Gen2, false, false)]
    [InlineData(PartitionStyle.Mbr, DiskGeneration.Gen1, DiskGeneration.Gen2, false, true)]
    [InlineData(PartitionStyle.Gpt, DiskGeneration.Gen2, DiskGeneration.Gen1, false, true)]
    [InlineData(PartitionStyle.Gpt, DiskGeneration.Gen2, DiskGeneration.Gen1, true, false)]
    [InlineData(PartitionStyle.Gpt, DiskGeneration.Gen1, DiskGeneration.Gen1, false, false)]
    [InlineData(PartitionStyle.Mbr, DiskGeneration.Gen1, null, false, false)]
    [InlineData(PartitionStyle.Raw, DiskGeneration.Unknown, DiskGeneration.Gen2, false, false)]
    public void GenerationStyle_TableOfTheGenerationAskedFor(
        PartitionStyle style, DiskGeneration told, DiskGeneration? asked, bool bootsInBoth, bool isWrong) => AssertRule(
        "GenerationStyle", isWrong, FindingSeverity.Error, Disk(127 * GiB).With(style, told, asked, boots: bootsInBoth));

    [Fact]
    public void GenerationStyle_DataDisk_Never() => AssertRule(
        "GenerationStyle", false, FindingSeverity.Error,
        Disk(127 * GiB).With(PartitionStyle.Mbr, DiskGeneration.Gen1, DiskGeneration.Gen2, isDataDisk: true));

    [Theory]
    [InlineData(PartitionStyle.Mbr, DiskGeneration.Gen1, false, false)]
    [InlineData(PartitionStyle.Mbr, DiskGeneration.Unknown, false, true)]
    [InlineData(PartitionStyle.Raw, DiskGeneration.Unknown, false, true)]
    [InlineData(PartitionStyle.Raw, DiskGeneration.Unknown, true, false)]
    public void SystemPartition_UnlessADataDisk(PartitionStyle style, DiskGeneration told, bool isDataDisk, bool isWrong) => AssertRule(
        "SystemPartition", isWrong, FindingSeverity.Warning, Disk(127 * GiB).With(style, told, isDataDisk: isDataDisk));

    [Theory]
    [InlineData(MiB, false)]
    [InlineData(63 * 512, true)]
    public void PartitionAlignment_WholeMebibytes(long offset, bool isWrong) => AssertRule(
        "PartitionAlignment", isWrong, FindingSeverity.Information,
        Disk(127 * GiB).With(PartitionStyle.Mbr, DiskGeneration.Gen1, offset: offset));

    [Fact]
    public void Apply_EverythingWrong_AllFindingsAtOnceMostSevereFirst()
    {
        IReadOnlyList<DiskFinding> findings = ReadinessCatalogue.Apply(
            new StatedDisk(OpenFile(), (19 * MiB) + 512) { StatedFormat = VhdFormat.Vhdx, StatedType = VhdType.Dynamic, StatedSectorSize = 4096 }
                .With(PartitionStyle.Mbr, DiskGeneration.Unknown, DiskGeneration.Gen2, offset: 512));

        Assert.Equal(
            ["ContainerFormat", "ContainerType", "GenerationStyle", "PartitionAlignment", "SectorSize", "SizeMinimum", "SizeWholeMebibytes", "SystemPartition"],
            findings.Select(finding => finding.RuleId).Order(StringComparer.Ordinal).ToArray());
        Assert.Equal(findings.OrderByDescending(finding => finding.Severity), findings);
        Assert.All(findings, finding => Assert.False(finding.CanRepair, "Only VHDs are repaired."));
    }

    private static void AssertRule(
        string id, bool isWrong, FindingSeverity severity, ReadinessSubject subject, bool canRepair = false)
    {
        DiskFinding[] findings = [.. ReadinessCatalogue.Rules.Single(rule => rule.Id == id).Apply(subject)];
        Assert.Equal(isWrong ? 1 : 0, findings.Length);
        Assert.All(findings, finding =>
        {
            Assert.Equal((id, severity, canRepair), (finding.RuleId, finding.Severity, finding.CanRepair));
            Assert.Equal(subject.Disk.Path, finding.Path);
            Assert.NotEmpty(finding.Found);
            Assert.NotEmpty(finding.Expected);
            Assert.NotEmpty(finding.Remedy);
        });
    }

    private StatedDisk Disk(long size) => new(OpenFile(), size);

    private DiskFile OpenFile()
    {
        File.WriteAllBytes(_folder.File("disk.vhd"), new byte[512]);
        return DiskFile.OpenRead(_folder.File("disk.vhd"));
    }
}
