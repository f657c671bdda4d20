using AzureVmRole.Disks.Files;
using AzureVmRole.TestKit;
using Xunit;

namespace AzureVmRole.Disks.Tests.Files;

public sealed class DiskFileTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public void OpenRead_Missing_FileNotFound() => Fails(ErrorCode.FileNotFound, () => DiskFile.OpenRead(_folder.File("none.vhd")).Dispose());

    [Fact]
    public void OpenRead_FolderMissing_FileNotFound() =>
        Fails(ErrorCode.FileNotFound, () => DiskFile.OpenRead(_folder.File("none/none.vhd")).Dispose());

    [Fact]
    public void Create_FolderMissing_FolderNotFound() =>
        Fails(ErrorCode.FolderNotFound, () => DiskFile.Create(_folder.File("none/none.vhd")).Dispose());

    [Fact]
    public void Open_Folder_PathIsFolder()
    {
        Fails(ErrorCode.PathIsFolder, () => DiskFile.OpenRead(_folder.Path).Dispose());
        Fails(ErrorCode.PathIsFolder, () => DiskFile.OpenWrite(_folder.Path).Dispose());
    }

    [Fact]
    public void Open_HeldForWriting_DiskInUse()
    {
        string path = _folder.File("disk.vhd");
        using var held = DiskFile.Create(path);

        Fails(ErrorCode.DiskInUse, () => DiskFile.OpenRead(path).Dispose());
        Fails(ErrorCode.DiskInUse, () => DiskFile.OpenWrite(path).Dispose());
    }

    [Fact]
    public void Open_HeldForReading_OtherReadersOnly()
    {
        string path = _folder.File("disk.vhd");
        File.WriteAllBytes(path, [1]);
        using var held = DiskFile.OpenRead(path);
        using var other = DiskFile.OpenRead(path);

        Assert.Equal(1, other.Length);
        Fails(ErrorCode.DiskInUse, () => DiskFile.OpenWrite(path).Dispose());
    }

    [Theory]
    [InlineData(-1L, 1)]
    [InlineData(0L, 101)]
    [InlineData(100L, 1)]
    [InlineData(long.MaxValue, 1)]
    [InlineData(long.MinValue, 1)]
    public void ReadExactly_OutsideTheFile_FileTruncatedNamesTheOffset(long offset, int length)
    {
        using DiskFile file = Make(new byte[100]);

        DiskFormatException exception = Assert.Throws<DiskFormatException>(() => file.ReadExactly(offset, new byte[length]));

        Assert.Equal((ErrorCode.FileTruncated, offset), (exception.Code, exception.FileOffset));
    }

    [Fact]
    public void Write_BeyondTheEnd_GrowsWithZeros()
    {
        using DiskFile file = Make([1, 2]);

        file.Write(5, [9]);

        byte[] read = new byte[6];
        file.ReadExactly(0, read);
        Assert.Equal([1, 2, 0, 0, 0, 9], read);
        Assert.Equal(6, file.Length);
    }

    [Fact]
    public void Overlay_BeyondTheEnd_ReadsWithZerosBetweenAndTheFileStays()
    {
        using DiskFile file = Make([1, 2]);

        file.Overlay(5, new byte[] { 9 });

        byte[] read = new byte[6];
        file.ReadExactly(0, read);
        Assert.Equal([1, 2, 0, 0, 0, 9], read);
        Assert.True(file.IsOverlaid(0, 6));
        Assert.False(file.IsOverlaid(0, 5));
        Assert.Equal(2, RandomAccess.GetLength(file.Handle));
    }

    [Fact]
    public void EnumerateData_SparseFile_CoversWhatWasWrittenAndLittleMore()
    {
        const long Hole = 8 << 20;
        string path = _folder.File("disk.raw");
        using var file = DiskFile.Create(path);
        file.SetLength(4 * Hole);
        file.Write(Hole, new byte[4096]);
        file.Write((3 * Hole) + 100, [1]);

        FileRange[] ranges = [.. file.EnumerateData(0, 4 * Hole)];

        Assert.SkipWhen(ranges is [{ Offset: 0, Length: 4 * Hole }], "The file system knows no holes.");
        Assert.Contains(ranges, range => range.Offset <= Hole && range.End >= Hole + 4096);
        Assert.Contains(ranges, range => range.Offset <= (3 * Hole) + 100 && range.End > (3 * Hole) + 100);
        Assert.InRange(ranges.Sum(range => range.Length), 1, Hole);
        Assert.Empty(file.EnumerateData(0, 0));
        Assert.All(file.EnumerateData(Hole + 10, 20), range => Assert.Equal(new FileRange(Hole + 10, 20), range));
        Assert.InRange(file.GetAllocatedLength(), 1, Hole);
    }

    private static void Fails(ErrorCode code, Action open)
    {
        DiskOperationException exception = Assert.Throws<DiskOperationException>(open);
        Assert.Equal(code, exception.Code);
        Assert.NotNull(exception.RecommendedAction);
    }

    private DiskFile Make(byte[] content)
    {
        var file = DiskFile.Create(_folder.File("disk.raw"));
        file.Write(0, content);
        return file;
    }
}
