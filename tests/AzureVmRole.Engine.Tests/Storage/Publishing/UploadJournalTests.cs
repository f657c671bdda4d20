using AzureVmRole.Engine.Storage.Publishing;
using AzureVmRole.Engine.Tests.Misuse;
using AzureVmRole.TestKit;
using Xunit;

namespace AzureVmRole.Engine.Tests.Storage.Publishing;

public sealed class UploadJournalTests
{
    private static readonly Uri Target = new("https://acc.blob.core.windows.net/vhds/x.vhd");
    private static readonly UploadJournalEntry Entry = new("", Guid.NewGuid().ToString(), Guid.NewGuid().ToString());

    [Fact]
    public void TryOpen_OfKilledUpload_EntryIsThere()
    {
        using var folder = new TemporaryFolder();
        using (UploadJournal first = Open(folder.Path))
        {
            first.Write(Entry with { UploadId = new string('x', 500) });
            first.Write(Entry);
        }

        using UploadJournal second = Open(folder.Path);

        Assert.Equal(Entry with { Target = Target.AbsoluteUri }, second.Entry);
    }

    [Fact]
    public void TryOpen_OpenElsewhere_Null()
    {
        using var folder = new TemporaryFolder();
        using UploadJournal held = Open(folder.Path);

        Assert.Null(UploadJournal.TryOpen(folder.Path, Target));
    }

    [Fact]
    public void TryOpen_FolderIsAFile_NamesTheJournal()
    {
        using var folder = new TemporaryFolder();
        File.WriteAllText(folder.File("uploads"), "");

        AssertNames(ErrorCode.WriteFailed, folder.File("uploads"), () => UploadJournal.TryOpen(folder.File("uploads"), Target));
    }

    [Fact]
    public void TryOpen_JournalMayNotBeOpened_NamesTheJournal()
    {
        using var folder = new TemporaryFolder();
        string path = PathIn(folder.Path);
        Directory.CreateDirectory(path);

        AssertNames(ErrorCode.AccessDenied, folder.Path, () => UploadJournal.TryOpen(folder.Path, Target));
    }

    [Fact(Timeout = 60_000)]
    public async Task TryOpen_VolumeIsReadOnlyAndJournalIsThere_NamesTheJournalAndNoOtherProcess()
    {
        await using SmallVolume volume = await SmallVolume.MountAsync(1);
        using (UploadJournal journal = Open(volume.Path))
        {
            journal.Write(Entry);
        }

        await volume.MakeReadOnlyAsync();

        AssertNames(ErrorCode.WriteFailed, volume.Path, () => UploadJournal.TryOpen(volume.Path, Target));
    }

    [Fact(Timeout = 60_000)]
    public async Task Write_VolumeIsFull_NamesTheJournal()
    {
        await using SmallVolume volume = await SmallVolume.MountAsync(1);
        using UploadJournal journal = Open(volume.Path);
        volume.Fill();

        AssertNames(ErrorCode.InsufficientSpace, volume.Path, () => journal.Write(Entry));
        Assert.Null(journal.Entry);
    }

    private static UploadJournal Open(string folder) =>
        UploadJournal.TryOpen(folder, Target) ?? throw new InvalidOperationException("The journal is in use.");

    private static string PathIn(string folder)
    {
        using (Open(folder))
        {
            return Assert.Single(Directory.GetFiles(folder, "*.json"));
        }
    }

    private static void AssertNames(ErrorCode code, string folder, Action act)
    {
        DiskOperationException exception = Assert.Throws<DiskOperationException>(act);

        Assert.Equal(code, exception.Code);
        Assert.StartsWith(folder, (string)exception.Target, StringComparison.Ordinal);
        Assert.EndsWith(".json", (string)exception.Target, StringComparison.Ordinal);
        Assert.Contains($"'{exception.Target}'", exception.Message, StringComparison.Ordinal);
        Assert.Contains("AZUREVMROLE_HOME", exception.RecommendedAction, StringComparison.Ordinal);
    }
}
