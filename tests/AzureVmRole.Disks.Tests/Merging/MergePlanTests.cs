using AzureVmRole.Disks.Editing;
using AzureVmRole.Disks.Merging;
using AzureVmRole.TestKit;
using Xunit;

namespace AzureVmRole.Disks.Tests.Merging;

public sealed class MergePlanTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();

    private string Top => _folder.File("top.vhd");

    private string Base => _folder.File("base.vhd");

    public void Dispose() => _folder.Dispose();

    [Fact]
    public void Load_NoPlan_Null() => Assert.Null(MergePlan.Load(Top));

    [Fact]
    public void Save_ThenLoad_SamePlan()
    {
        MergePlan plan = Save();

        var loaded = MergePlan.Load(Top);

        Assert.Equal(plan.TargetPath, loaded?.TargetPath);
        Assert.Equal(plan.LayerPaths, loaded?.LayerPaths);
        Assert.Equal(Top, loaded?.TopPath);
        Assert.False(loaded?.IsCopied);
    }

    [Theory]
    [InlineData("")]
    [InlineData("{}")]
    [InlineData("null")]
    [InlineData("{\"TargetPath\":\"/a\",\"LayerPaths\":[]}")]
    [InlineData("{\"TargetPath\":\"\",\"LayerPaths\":[\"/a\"]}")]
    [InlineData("{\"TargetPath\":7}")]
    public void Load_Damaged_Refused(string json)
    {
        File.WriteAllText(Top + MergePlan.Suffix, json);

        Assert.Equal(ErrorCode.EditJournalInvalid, Assert.Throws<DiskOperationException>(() => MergePlan.Load(Top)).Code);
    }

    /// <summary>A copied folder: the plan names the originals by their absolute paths, which must not be touched.</summary>
    [Fact]
    public void Load_PlanOfAnotherPlace_Refused()
    {
        Save();
        string copy = _folder.File("copy.vhd");
        File.Copy(Top, copy);
        File.Copy(Top + MergePlan.Suffix, copy + MergePlan.Suffix);

        DiskOperationException exception = Assert.Throws<DiskOperationException>(() => MergePlan.Load(copy));

        Assert.Equal(ErrorCode.MergeInterrupted, exception.Code);
        Assert.Contains(Top, exception.RecommendedAction, StringComparison.Ordinal);
    }

    [Fact]
    public void Load_PlanOfADiskThatWasReplaced_RemovedAndNull()
    {
        Save();
        new VhdImageBuilder(4096, VhdImageBuilder.Fixed) { Identifier = Guid.NewGuid() }.Save(Top);

        Assert.Null(MergePlan.Load(Top));
        Assert.False(File.Exists(Top + MergePlan.Suffix));
    }

    [Fact]
    public void Settle_InPlaceOfADiskThatAMergeNeeds_Refused()
    {
        Save();
        new VhdImageBuilder(4096, VhdImageBuilder.Fixed).Save(Base);
        MergeMarker.Write(Base, Guid.NewGuid(), Top);

        foreach (string path in (string[])[Top, Base])
        {
            DiskOperationException exception = Assert.Throws<DiskOperationException>(() => DiskLeftovers.Settle(path, overwrite: true));
            Assert.Equal(ErrorCode.MergeInterrupted, exception.Code);
            Assert.Contains(Top, exception.RecommendedAction, StringComparison.Ordinal);
        }
    }

    [Fact]
    public void Settle_DisksAreGone_WhatWasLeftOfThemGoes()
    {
        Save();
        MergeMarker.Write(Base, Guid.NewGuid(), Top);
        File.Delete(Top);

        DiskLeftovers.Settle(Top, overwrite: true);
        DiskLeftovers.Settle(Base, overwrite: true);

        Assert.Empty(Directory.GetFiles(_folder.Path));
    }

    [Fact]
    public void Plan_ParentOfAnotherSize_Refused()
    {
        var parent = new VhdImageBuilder(1 << 20, VhdImageBuilder.Fixed);
        string parentPath = parent.Save(_folder.File("base.vhd"));
        new VhdImageBuilder(2 << 20, VhdImageBuilder.Differencing, 65_536)
        {
            ParentIdentifier = parent.Identifier,
            ParentStamp = VhdImageBuilder.Stamp(File.GetLastWriteTimeUtc(parentPath)),
            ParentName = "base.vhd",
        }.Save(Top);
        using VirtualDisk top = VirtualDiskFile.Open(Top);

        DiskOperationException exception = Assert.Throws<DiskOperationException>(() => VhdMerge.Plan(top, parentPath));

        Assert.Equal(ErrorCode.ParentSizeMismatch, exception.Code);
    }

    private MergePlan Save()
    {
        var top = new VhdImageBuilder(4096, VhdImageBuilder.Fixed);
        top.Save(Top);
        var plan = new MergePlan(
            Base, Guid.NewGuid(), [_folder.File("middle.vhd"), Top], [Guid.NewGuid(), top.Identifier], IsCopied: false);
        plan.Save();
        return plan;
    }
}
