using AzureVmRole.Disks;
using AzureVmRole.Disks.Files;
using AzureVmRole.Engine.Images.Conversion;
using AzureVmRole.Engine.Images.Creation;
using AzureVmRole.Engine.Images.Inspection;
using AzureVmRole.Engine.Images.Merging;
using AzureVmRole.Engine.Images.Resizing;
using AzureVmRole.TestKit;
using Xunit;

namespace AzureVmRole.Engine.Tests.Images.Merging;

/// <summary>Merges and replacements that must not touch what is not theirs.</summary>
public sealed class MergeSafetyTests : IDisposable
{
    private const long Mebibyte = 1 << 20;

    private readonly TemporaryFolder _folder = new();

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    public void Dispose() => _folder.Dispose();

    [Fact(Timeout = 60_000)]
    public async Task Merge_TwoChildrenInOneSecond_SiblingIsRefused()
    {
        await CreateAsync("base.vhd");
        await CreateDifferenceAsync("one.vhd");
        await CreateDifferenceAsync("two.vhd");

        await DiskMerge.MergeAsync(new DiskMergeOptions { Path = _folder.File("one.vhd") }, null, Token);

        DiskOperationException exception = await Assert.ThrowsAsync<DiskOperationException>(
            () => DiskInspection.InspectAsync(_folder.File("two.vhd"), Token));
        Assert.Equal(ErrorCode.ParentModified, exception.Code);
    }

    [Fact(Timeout = 60_000)]
    public async Task Merge_FileThatLooksLikeAPlan_RemovesNothing()
    {
        await CreateAsync("target.vhd");
        File.WriteAllText(_folder.File("precious.txt"), "precious");
        File.WriteAllText(
            _folder.File("evil.vhd"),
            $$"""{"TargetPath":"{{_folder.File("target.vhd")}}","LayerPaths":["{{_folder.File("precious.txt")}}"],"IsCopied":true}""");

        await Assert.ThrowsAsync<DiskFormatException>(
            () => DiskMerge.MergeAsync(new DiskMergeOptions { Path = _folder.File("evil.vhd") }, null, Token));

        Assert.Equal("precious", File.ReadAllText(_folder.File("precious.txt")));
    }

    [Fact(Timeout = 60_000)]
    public async Task Merge_InterruptedAndTargetSwapped_RefusedAndNothingRemoved()
    {
        await CreateAsync("base.vhd");
        await CreateDifferenceAsync("child.vhd");
        WritePlan();
        File.Delete(_folder.File("base.vhd"));
        await CreateAsync("base.vhd");
        byte[] other = await File.ReadAllBytesAsync(_folder.File("base.vhd"), Token);

        DiskOperationException exception = await Assert.ThrowsAsync<DiskOperationException>(
            () => DiskMerge.MergeAsync(new DiskMergeOptions { Path = _folder.File("child.vhd") }, null, Token));

        Assert.Equal(ErrorCode.MergeInterrupted, exception.Code);
        Assert.True(File.Exists(_folder.File("child.vhd")));
        Assert.Equal(other, await File.ReadAllBytesAsync(_folder.File("base.vhd"), Token));
    }

    [Fact(Timeout = 60_000)]
    public async Task Resize_ThroughSymbolicLink_ChangesTheDiskItLeadsTo()
    {
        await CreateAsync("real.vhdx");
        File.CreateSymbolicLink(_folder.File("link.vhdx"), _folder.File("real.vhdx"));

        await DiskResize.ResizeAsync(
            new DiskResizeOptions { Path = _folder.File("link.vhdx"), SizeInBytes = 16 * Mebibyte }, null, Token);

        BaseVhd real = await DiskInspection.InspectAsync(_folder.File("real.vhdx"), Token);
        Assert.Equal(16 * Mebibyte, real.Size);
        Assert.NotNull(new FileInfo(_folder.File("link.vhdx")).LinkTarget);
    }

    [Fact(Timeout = 60_000)]
    public async Task Create_ForeignFilesBesideTheTarget_StayAsTheyAre()
    {
        File.WriteAllText(_folder.File("disk.vhd.partial"), "mine");
        File.WriteAllText(_folder.File("precious.txt"), "precious");
        File.CreateSymbolicLink(_folder.File("disk.vhd.azvmrole-partial"), _folder.File("precious.txt"));

        await Assert.ThrowsAsync<DiskOperationException>(() => CreateAsync("disk.vhd"));

        Assert.Equal("mine", File.ReadAllText(_folder.File("disk.vhd.partial")));
        Assert.Equal("precious", File.ReadAllText(_folder.File("precious.txt")));
    }

    [Fact(Timeout = 60_000)]
    public async Task Convert_SpecialFile_RefusedWithoutWaiting()
    {
        Assert.SkipUnless(OperatingSystem.IsLinux(), "Only Linux tells what kind of file a path is.");
        await CreateAsync("disk.vhd");
        ProgramResult made = await ExternalProgram.RunAsync(Token, "mkfifo", _folder.File("pipe"));
        Assert.Equal(0, made.ExitCode);

        foreach ((string source, string target) in new[] { ("pipe", "new.vhd"), ("disk.vhd", "pipe") })
        {
            var options = new DiskConversionOptions
            {
                SourcePath = _folder.File(source),
                DestinationPath = _folder.File(target),
                Overwrite = true,
            };
            DiskOperationException exception = await Assert.ThrowsAsync<DiskOperationException>(
                () => DiskConversion.ConvertAsync(options, null, Token));
            Assert.Equal((ErrorCode.InvalidArgument, _folder.File("pipe")), (exception.Code, exception.Target));
        }

        Assert.True(FileStatus.Of(_folder.File("pipe"))?.IsSpecial);
    }

    private Task<BaseVhd> CreateAsync(string name) => DiskCreation.CreateAsync(
        new DiskCreationOptions { Path = _folder.File(name), SizeInBytes = 8 * Mebibyte, Type = VhdType.Dynamic }, Token);

    private Task<BaseVhd> CreateDifferenceAsync(string name) => DifferenceCreation.CreateAsync(
        new DifferenceCreationOptions { Path = _folder.File(name), ParentPath = _folder.File("base.vhd") }, Token);

    /// <summary>What a process leaves that was killed right after it planned to merge the child.</summary>
    private void WritePlan()
    {
        using VirtualDisk child = VirtualDiskFile.Open(_folder.File("child.vhd"));
        Disks.Merging.VhdMerge.Plan(child, _folder.File("base.vhd")).Save();
    }
}
