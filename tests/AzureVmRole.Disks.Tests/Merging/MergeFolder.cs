using AzureVmRole.Disks.Merging;
using AzureVmRole.TestKit;
using Xunit;

namespace AzureVmRole.Disks.Tests.Merging;

/// <summary>A random chain and a merge of one of its disks into one beneath it.</summary>
internal sealed class MergeFolder : IDisposable
{
    public const int Length = 3 << 20;

    private readonly TemporaryFolder _folder = new();
    private readonly int _target;
    private readonly int _top;

    public MergeFolder(int seed, int depth, int target, int top, int baseType)
    {
        _target = target;
        _top = top;
        Chain = new VhdChainBuilder(_folder, seed, depth, Length, baseType);
        using VirtualDisk opened = VirtualDiskFile.Open(Top);
        Plan = VhdMerge.Plan(opened, Target);
    }

    public VhdChainBuilder Chain { get; }

    public MergePlan Plan { get; }

    public string Target => Chain.Paths[_target];

    public string Top => Chain.Paths[_top];

    public byte[] Expected => Chain.Models[_top];

    public string PlanPath => Top + MergePlan.Suffix;

    public string MarkerPath => Target + MergeMarker.Suffix;

    public TemporaryFolder Folder => _folder;

    /// <summary>Runs the merge from the start, or what is left of it, as a new process would.</summary>
    public Task RunAsync(IProgress<TransferProgress>? progress, CancellationToken cancellationToken) =>
        new VhdMerge(MergePlan.Load(Top) ?? Plan).RunAsync(progress, cancellationToken);

    /// <summary>Asserts that the top disk is whole and nobody else gets at the target.</summary>
    public void AssertUnderWay()
    {
        DiskContent.Equal(Expected, Top);
        if (File.Exists(MarkerPath))
        {
            DiskOperationException exception = Assert.Throws<DiskOperationException>(() => VirtualDiskFile.Open(Target).Dispose());
            Assert.Equal(ErrorCode.MergeInterrupted, exception.Code);
            Assert.Contains(Top, exception.RecommendedAction, StringComparison.Ordinal);
        }
    }

    /// <summary>Asserts that the target shows what the top showed and nothing else is left.</summary>
    public void AssertDone()
    {
        using VirtualDisk disk = VirtualDiskFile.Open(Target);
        Assert.Empty(disk.Findings);
        DiskContent.Equal(Expected, disk);
        Assert.False(File.Exists(PlanPath) || File.Exists(MarkerPath));
        Assert.DoesNotContain(Plan.LayerPaths, File.Exists);
    }

    public void Dispose() => _folder.Dispose();
}
