using AzureVmRole.Disks.Files;
using AzureVmRole.TestKit;
using Xunit;

namespace AzureVmRole.Disks.Tests.Files;

public sealed class OutputFileTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();

    private string Target => _folder.File("disk.vhd");

    public void Dispose() => _folder.Dispose();

    [Theory(Timeout = 60_000)]
    [InlineData(false)]
    [InlineData(true)]
    public async Task CommitAsync_Complete_FileHasItsNameAndNothingElseIsLeft(bool exists)
    {
        var time = new DateTime(2021, 2, 3, 4, 5, 6, DateTimeKind.Utc);
        if (exists)
        {
            await File.WriteAllBytesAsync(Target, [9, 9, 9], TestContext.Current.CancellationToken);
        }

        using (var output = OutputFile.Create(Target, overwrite: exists))
        {
            output.File.Write(0, [1, 2]);
            Assert.Equal(exists, File.Exists(Target));
            await output.CommitAsync(time, null, TestContext.Current.CancellationToken);
        }

        Assert.Equal([Target], Directory.GetFiles(_folder.Path));
        Assert.Equal([1, 2], await File.ReadAllBytesAsync(Target, TestContext.Current.CancellationToken));
        Assert.Equal(time, File.GetLastWriteTimeUtc(Target));
    }

    /// <summary>The operating system goes on flushing what was cancelled, and the file stays locked until it is done: who continues it waits.</summary>
    [Fact(Timeout = 60_000)]
    public async Task Continue_CancelledWhileItWasFlushed_HasTheFile()
    {
        using var cancelled = new CancellationTokenSource();
        await cancelled.CancelAsync();
        string temporary = _folder.File("disk.vhd.on-its-way");
        byte[] data = new byte[32 << 20];
        data.AsSpan().Fill(7);
        for (int round = 1; round <= 5; round++)
        {
            using var output = OutputFile.Continue(Target, temporary, overwrite: false);
            Assert.Equal((round - 1L) * data.Length, output.File.Length);
            output.File.Write(output.File.Length, data);
            await Assert.ThrowsAnyAsync<OperationCanceledException>(() => output.CommitAsync(null, null, cancelled.Token));
        }
    }

    [Fact]
    public void Dispose_NotCommitted_OldFileStaysAndNothingElse()
    {
        File.WriteAllBytes(Target, [9]);

        using (var output = OutputFile.Create(Target, overwrite: true))
        {
            output.File.Write(0, [1, 2]);
        }

        Assert.Equal([Target], Directory.GetFiles(_folder.Path));
        Assert.Equal([9], File.ReadAllBytes(Target));
    }

    [Fact(Timeout = 60_000)]
    public async Task CommitAsync_Cancelled_NothingLeft()
    {
        using var cancelled = new CancellationTokenSource();
        await cancelled.CancelAsync();
        using (var output = OutputFile.Create(Target, overwrite: false))
        {
            output.File.Write(0, new byte[1 << 20]);
            await Assert.ThrowsAnyAsync<OperationCanceledException>(() => output.CommitAsync(null, null, cancelled.Token));
        }

        Assert.Empty(Directory.GetFiles(_folder.Path));
    }

    [Fact(Timeout = 60_000)]
    public async Task Create_LeftoverOfAKilledProcess_IsTakenOver()
    {
        await File.WriteAllBytesAsync(OutputFile.TemporaryPath(Target), new byte[5000], TestContext.Current.CancellationToken);

        using (var output = OutputFile.Create(Target, overwrite: false))
        {
            output.File.Write(0, [1]);
            await output.CommitAsync(null, null, TestContext.Current.CancellationToken);
        }

        Assert.Equal([Target], Directory.GetFiles(_folder.Path));
        Assert.Equal(1, new FileInfo(Target).Length);
    }

    [Fact(Timeout = 60_000)]
    public async Task CommitAsync_TargetAppearedMeanwhile_TargetExistsAndUntouched()
    {
        using (var output = OutputFile.Create(Target, overwrite: false))
        {
            await File.WriteAllBytesAsync(Target, [7], TestContext.Current.CancellationToken);
            DiskOperationException exception = await Assert.ThrowsAsync<DiskOperationException>(
                () => output.CommitAsync(null, null, TestContext.Current.CancellationToken));
            Assert.Equal(ErrorCode.TargetExists, exception.Code);
        }

        Assert.Equal([7], await File.ReadAllBytesAsync(Target, TestContext.Current.CancellationToken));
        Assert.Equal([Target], Directory.GetFiles(_folder.Path));
    }

    [Fact]
    public void Create_TwoForOneTarget_SecondIsRefused()
    {
        using var first = OutputFile.Create(Target, overwrite: false);

        Fails(ErrorCode.DiskInUse, () => OutputFile.Create(Target, overwrite: false).Dispose());

        Assert.True(File.Exists(first.File.Path));
    }

    [Fact]
    public void CheckTarget_BadTargets_OneClearErrorEachAndNothingTouched()
    {
        File.WriteAllBytes(Target, [9]);

        Fails(ErrorCode.TargetExists, () => OutputFile.CheckTarget(Target, overwrite: false));
        Fails(ErrorCode.PathIsFolder, () => OutputFile.CheckTarget(_folder.Path, overwrite: true));
        Fails(ErrorCode.FolderNotFound, () => OutputFile.CheckTarget(_folder.File("none/disk.vhd"), overwrite: true));
        using (DiskFile.OpenRead(Target))
        {
            Fails(ErrorCode.DiskInUse, () => OutputFile.CheckTarget(Target, overwrite: true));
        }

        Assert.Equal([Target], Directory.GetFiles(_folder.Path));
    }

    [Fact(Timeout = 60_000)]
    public async Task CommitAsync_ReplacesAFile_ItsRightsStay()
    {
        if (OperatingSystem.IsWindows())
        {
            Assert.Skip("Windows has no file modes.");
            return;
        }

        await File.WriteAllBytesAsync(Target, [9], TestContext.Current.CancellationToken);
        const UnixFileMode Mode = UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.GroupRead;
        File.SetUnixFileMode(Target, Mode);

        using (var output = OutputFile.Create(Target, overwrite: true))
        {
            await output.CommitAsync(null, null, TestContext.Current.CancellationToken);
        }

        Assert.Equal(Mode, File.GetUnixFileMode(Target));
    }

    [Fact]
    public void Require_MoreThanTheVolumeHas_InsufficientSpace()
    {
        Fails(ErrorCode.InsufficientSpace, () => VolumeSpace.Require(Target, long.MaxValue));
        VolumeSpace.Require(Target, 0);
    }

    private static void Fails(ErrorCode code, Action action)
    {
        DiskOperationException exception = Assert.Throws<DiskOperationException>(action);
        Assert.Equal(code, exception.Code);
        Assert.NotNull(exception.RecommendedAction);
    }
}
