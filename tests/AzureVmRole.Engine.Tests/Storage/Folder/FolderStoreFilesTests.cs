using System.Buffers.Binary;
using AzureVmRole.Disks.Files;
using AzureVmRole.Engine.Storage;
using AzureVmRole.Engine.Storage.Folder;
using AzureVmRole.TestKit;
using Microsoft.Data.Sqlite;
using Microsoft.Win32.SafeHandles;
using Xunit;

namespace AzureVmRole.Engine.Tests.Storage.Folder;

/// <summary>What a folder store does beyond what every store does: files, names, other processes' leftovers, versions.</summary>
public sealed class FolderStoreFilesTests : IAsyncDisposable
{
    private const int KiB = 1024;
    private const int MiB = 1024 * 1024;

    private static readonly Dictionary<string, string> NoMetadata = new(StringComparer.Ordinal);

    private readonly TemporaryFolder _folder = new();
    private readonly FolderBlobStore _store;

    public FolderStoreFilesTests() => _store = FolderBlobStore.Open(_folder.File("store"), TimeProvider.System);

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    public async ValueTask DisposeAsync()
    {
        await _store.DisposeAsync();
        _folder.Dispose();
    }

    [Fact(Timeout = 30_000)]
    public async Task OpenEmpty_NoFolder_HoldsNothingAndMakesNothing()
    {
        await using (var empty = FolderBlobStore.OpenEmpty(_folder.File("none"), TimeProvider.System))
        {
            Assert.Null(await empty.FindAsync(new BlobName("vhds", "base.vhd"), snapshot: null, Token));
            Assert.Empty(await empty.ListAsync(new BlobListing(), Token).ToListAsync(Token));
        }

        Assert.False(Path.Exists(_folder.File("none")));
    }

    [Fact(Timeout = 60_000)]
    public async Task Blob_Made_IsSparseFileUnderItsName()
    {
        BlobName blob = await MakeAsync("folder/a b.vhd", 64 * MiB);
        await _store.WritePagesAsync(blob, 32 * MiB, Bytes(64 * KiB), default, Token);

        string path = _folder.File("store/vhds/folder/a b.vhd");
        Assert.Equal(64 * MiB, new FileInfo(path).Length);
        Assert.True(Allocated(path) < MiB, $"{Allocated(path)} bytes are allocated.");
        Assert.Equal(new Uri("file://" + path.Replace(" ", "%20", StringComparison.Ordinal)), _store.GetUri(blob));
        AssertAddress(blob);

        await _store.ClearPagesAsync(blob, 0, 64 * MiB, default, Token);
        Assert.Equal(0, Allocated(path));
        await _store.DeleteAsync(blob, null, false, default, Token);
        Assert.Equal(["vhds"], Directory.EnumerateDirectories(_folder.File("store")).Select(Path.GetFileName).Where(name => name != ".azvmrole"), StringComparer.Ordinal);
        Assert.Empty(Directory.EnumerateFileSystemEntries(_folder.File("store/vhds")));
    }

    [Theory(Timeout = 60_000)]
    [InlineData("../outside.vhd")]
    [InlineData("../../outside.vhd")]
    [InlineData("/outside.vhd")]
    [InlineData("a/../../../outside.vhd")]
    [InlineData("..\\outside.vhd")]
    [InlineData("%2e%2e/outside.vhd")]
    public async Task Blob_NameThatClimbs_StaysInside(string name)
    {
        BlobName blob = await MakeAsync(name, 4 * KiB);
        await _store.WritePagesAsync(blob, 0, Bytes(KiB), default, Token);

        Assert.Equal([_folder.File("store")], Directory.EnumerateFileSystemEntries(_folder.Path), StringComparer.Ordinal);
        Assert.Single(Directory.EnumerateFiles(_folder.File("store/vhds"), "*", SearchOption.AllDirectories));
    }

    [Fact(Timeout = 60_000)]
    public async Task GetUri_NameWithEscapes_AddressComesBack()
    {
        AssertAddress(await MakeAsync("100%/a%20b.vhd", KiB));
        AssertAddress(await MakeAsync("what?.vhd", KiB));
    }

    [Theory(Timeout = 60_000)]
    [InlineData("a", "a/b")]
    [InlineData("a/b", "a")]
    [InlineData("a/b/c", "a")]
    [InlineData("a", "a/b/c")]
    public async Task Create_FileWhereFolderIsNeeded_Refused(string first, string second)
    {
        await MakeAsync(first, KiB);
        TransferException exception = await Assert.ThrowsAsync<TransferException>(() => MakeAsync(second, KiB));
        Assert.Equal(ErrorCode.StoreUnsupported, exception.Code);
        await _store.DeleteAsync(new BlobName("vhds", first), null, false, default, Token);
        await MakeAsync(second, KiB);
    }

    [Fact(Timeout = 60_000)]
    public async Task Create_FileOfSomebodyElse_RefusedAndKept()
    {
        await _store.CreateContainerAsync("vhds", Token);
        await File.WriteAllTextAsync(_folder.File("store/vhds/disk.vhd"), "mine", Token);

        TransferException exception = await Assert.ThrowsAsync<TransferException>(() => MakeAsync("disk.vhd", KiB));

        Assert.Equal(ErrorCode.BlobExists, exception.Code);
        Assert.Equal("mine", await File.ReadAllTextAsync(_folder.File("store/vhds/disk.vhd"), Token));
    }

    [Fact(Timeout = 60_000)]
    public async Task Read_FileGoneOrCut_StoreDamaged()
    {
        BlobName blob = await MakeAsync("disk.vhd", MiB);
        File.Delete(_folder.File("store/vhds/disk.vhd"));
        await FailsAsync(ErrorCode.StoreDamaged, () => _store.ReadAsync(blob, null, 0, new byte[KiB], default, Token));
        await File.WriteAllBytesAsync(_folder.File("store/vhds/disk.vhd"), new byte[KiB], Token);
        await FailsAsync(ErrorCode.StoreDamaged, () => _store.WritePagesAsync(blob, 0, new byte[KiB], default, Token));
        await _store.DeleteAsync(blob, null, false, default, Token);
    }

    [Fact(Timeout = 60_000)]
    public async Task Overwrite_ByAnotherStoreObject_WritesGoToTheNewBlob()
    {
        BlobName blob = await MakeAsync("disk.vhd", MiB);
        await _store.WritePagesAsync(blob, 0, Bytes(KiB), default, Token);
        await using (var other = FolderBlobStore.Open(_folder.File("store"), TimeProvider.System))
        {
            await other.CreateAsync(blob, 2 * MiB, NoMetadata, default, Token);
        }

        await _store.WritePagesAsync(blob, MiB, Bytes(KiB), default, Token);

        byte[] content = await File.ReadAllBytesAsync(_folder.File("store/vhds/disk.vhd"), Token);
        Assert.Equal(2 * MiB, content.Length);
        Assert.False(content.AsSpan(0, MiB).ContainsAnyExcept((byte)0));
        Assert.Equal(Bytes(KiB), content[MiB..(MiB + KiB)]);
    }

    [Fact(Timeout = 60_000)]
    public async Task Blobs_MoreThanAreKeptOpen_AllWork()
    {
        for (int index = 0; index < 60; index++)
        {
            BlobName blob = await MakeAsync($"{index}.vhd", KiB);
            await _store.WritePagesAsync(blob, 0, Bytes(512, index), default, Token);
        }

        for (int index = 0; index < 60; index++)
        {
            byte[] found = new byte[512];
            await _store.ReadAsync(new BlobName("vhds", $"{index}.vhd"), null, 0, found, default, Token);
            Assert.Equal(Bytes(512, index), found);
        }
    }

    [Fact(Timeout = 60_000)]
    public async Task StartCopy_FromAnotherStore_Arrives()
    {
        await using var other = FolderBlobStore.Open(_folder.File("other"), TimeProvider.System);
        await other.CreateContainerAsync("src", Token);
        var source = new BlobName("src", "a%b/disk.vhd");
        await other.CreateAsync(source, MiB, NoMetadata, default, Token);
        await other.WritePagesAsync(source, 64 * KiB, Bytes(KiB), default, Token);
        await _store.CreateContainerAsync("vhds", Token);
        var target = new BlobName("vhds", "copy.vhd");

        await _store.StartCopyAsync(target, await other.GetCopySourceAsync(source, null, null, Token), null, default, Token);

        BlobProperties? copied = await _store.FindAsync(target, null, Token);
        while (copied?.CopyState == BlobCopyState.Pending)
        {
            await Task.Yield();
            copied = await _store.FindAsync(target, null, Token);
        }

        byte[] found = new byte[KiB];
        await _store.ReadAsync(target, null, 64 * KiB, found, default, Token);
        Assert.Equal((BlobCopyState.Success, MiB), (copied?.CopyState, copied?.Length));
        Assert.Equal(Bytes(KiB), found);
    }

    [Fact(Timeout = 60_000)]
    public async Task StartCopy_EndCannotBeNoted_FailedForWhoeverLooks()
    {
        await _store.CreateContainerAsync("vhds", Token);
        var source = new BlobName("vhds", "disk.vhd");
        await _store.CreateAsync(source, MiB, NoMetadata, default, Token);
        await using (var database = new SqliteConnection($"Data Source={_folder.File("store/.azvmrole/store.db")};Pooling=False"))
        {
            await database.OpenAsync(Token);
            await using SqliteCommand refuse = database.CreateCommand();
            refuse.CommandText = $"""
                CREATE TRIGGER refuse BEFORE INSERT ON blobs WHEN NEW.copy_state NOT IN ({(int)BlobCopyState.None}, {(int)BlobCopyState.Pending})
                BEGIN SELECT RAISE(ROLLBACK, 'full'); END
                """;
            await refuse.ExecuteNonQueryAsync(Token);
        }

        var target = new BlobName("vhds", "copy.vhd");
        await _store.StartCopyAsync(target, await _store.GetCopySourceAsync(source, null, null, Token), null, default, Token);

        BlobProperties? copied = await _store.FindAsync(target, null, Token);
        while (copied?.CopyState == BlobCopyState.Pending)
        {
            await Task.Yield();
            copied = await _store.FindAsync(target, null, Token);
        }

        Assert.Equal((BlobCopyState.Failed, 0), (copied?.CopyState, copied?.Length));
    }

    [Fact(Timeout = 60_000)]
    public async Task StartCopy_FromHttp_StoreUnsupportedWithoutSignature()
    {
        await _store.CreateContainerAsync("vhds", Token);
        TransferException exception = await FailsAsync(ErrorCode.StoreUnsupported, () => _store.StartCopyAsync(
            new BlobName("vhds", "copy.vhd"), new BlobCopySource(new Uri("https://a.blob.core.windows.net/c/b.vhd?sig=secret")), null, default, Token));
        Assert.DoesNotContain("secret", exception.ToString(), StringComparison.Ordinal);
    }

    [Fact(Timeout = 60_000)]
    public async Task Open_LaterVersion_StoreDamagedWithVersions()
    {
        await _store.DisposeAsync();
        await using (FileStream database = File.OpenWrite(_folder.File("store/.azvmrole/store.db")))
        {
            byte[] version = new byte[4];
            BinaryPrimitives.WriteInt32BigEndian(version, 99);
            database.Position = 60; // "Database file format", section 1.3: the user version.
            await database.WriteAsync(version, Token);
        }

        TransferException exception = Assert.Throws<TransferException>(() => FolderBlobStore.Open(_folder.File("store"), TimeProvider.System));
        Assert.Equal(ErrorCode.StoreDamaged, exception.Code);
        Assert.Contains("version 99", exception.Message, StringComparison.Ordinal);
    }

    [Fact(Timeout = 60_000)]
    public async Task Open_Fails_DatabaseIsNotKeptOpen()
    {
        Assert.SkipUnless(OperatingSystem.IsLinux(), "Only Linux tells which files a process has open.");
        await _store.DisposeAsync();
        string database = _folder.File("store/.azvmrole/store.db");
        await File.WriteAllBytesAsync(database, Bytes(8 * KiB), Token);

        Assert.Throws<TransferException>(() => FolderBlobStore.Open(_folder.File("store"), TimeProvider.System));

        Assert.DoesNotContain(Directory.EnumerateFileSystemEntries("/proc/self/fd"), entry => new FileInfo(entry).LinkTarget == database);
    }

    [Fact(Timeout = 60_000)]
    public async Task Open_NoDatabase_StoreDamaged()
    {
        await _store.DisposeAsync();
        await File.WriteAllBytesAsync(_folder.File("store/.azvmrole/store.db"), Bytes(8 * KiB), Token);

        TransferException exception = Assert.Throws<TransferException>(() => FolderBlobStore.Open(_folder.File("store"), TimeProvider.System));
        Assert.Equal(ErrorCode.StoreDamaged, exception.Code);
    }

    [Fact(Timeout = 60_000)]
    public async Task Undelete_Anything_StoreUnsupported()
    {
        Assert.Null(await _store.GetDeleteRetentionAsync(Token));
        await FailsAsync(ErrorCode.StoreUnsupported, () => _store.UndeleteAsync(new BlobName("vhds", "disk.vhd"), Token));
    }

    private static async Task<TransferException> FailsAsync(ErrorCode code, Func<Task> action)
    {
        TransferException exception = await Assert.ThrowsAsync<TransferException>(action);
        Assert.Equal(code, exception.Code);
        return exception;
    }

    private static byte[] Bytes(int length, int seed = 1)
    {
        byte[] data = new byte[length];
        new Random(seed).NextBytes(data);
        return data;
    }

    private static long Allocated(string path)
    {
        using SafeFileHandle handle = File.OpenHandle(path, FileMode.Open, FileAccess.Read, FileShare.ReadWrite);
        return SparseFiles.GetAllocatedLength(handle, path) ?? 0;
    }

    private void AssertAddress(BlobName blob)
    {
        var parsed = BlobAddress.Parse(_store.GetUri(blob).AbsoluteUri);
        Assert.Equal((_folder.File("store"), blob.Container, blob.Name), (parsed.FolderPath, parsed.Container, parsed.Name));
    }

    private async Task<BlobName> MakeAsync(string name, long length)
    {
        await _store.CreateContainerAsync("vhds", Token);
        var blob = new BlobName("vhds", name);
        await _store.CreateAsync(blob, length, NoMetadata, default, Token);
        return blob;
    }
}
