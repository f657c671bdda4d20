using AzureVmRole.Disks.Files;
using AzureVmRole.Disks.Vhdx;
using AzureVmRole.TestKit;
using Xunit;

namespace AzureVmRole.Disks.Tests.Vhdx;

public sealed class VhdxWriterTests : IDisposable
{
    private const int MiB = VhdxTestDisk.MiB;

    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Theory]
    [InlineData(VhdType.Dynamic, 0, 512, (9 * MiB) + 512)]
    [InlineData(VhdType.Dynamic, 2 * MiB, 4096, (9 * MiB) + 4096)]
    [InlineData(VhdType.Fixed, 0, 512, (9 * MiB) + 512)]
    [InlineData(VhdType.Fixed, 4 * MiB, 4096, 9 * MiB)]
    public void Complete_Written_ReadsBack(VhdType type, int blockSize, int sectorSize, int length)
    {
        ReferenceDisk content = new ReferenceDisk(length).Fill(MiB - 5000, 9000, 1).Fill(length - 512, 512, 2);
        var options = new VhdxWriterOptions { Type = type, BlockSizeInBytes = blockSize, LogicalSectorSize = sectorSize };
        string path = VhdxTestDisk.Write(_folder.File("disk.vhdx"), content, options);

        using VirtualDisk disk = VirtualDiskFile.Open(path);

        Assert.Equal(content.Content, VhdxTestDisk.ReadAll(disk));
        Assert.Equal(
            (type, sectorSize, 4096, options.Identifier, "AzureVmRole"),
            (disk.Type, disk.LogicalSectorSize, disk.PhysicalSectorSize, disk.Identifier, disk.Creator));
        Assert.Equal(options.DataWriteGuid, Assert.IsType<VhdxDisk>(disk).DataWriteGuid);
        Assert.Empty(disk.Findings);
        Assert.Equal(0, disk.File.Length % MiB);
    }

    [Fact]
    public void Complete_NothingWritten_TablesOnly()
    {
        string path = VhdxTestDisk.Write(_folder.File("disk.vhdx"), new ReferenceDisk(64 * MiB), new VhdxWriterOptions());

        Assert.Equal(4 * MiB, new FileInfo(path).Length);
        using VirtualDisk disk = VirtualDiskFile.Open(path);
        Assert.Empty(disk.EnumerateDataExtents(0, disk.LengthInBytes));
    }

    [Fact(Timeout = 60_000)]
    public async Task Write_ManyThreads_EveryBlockItsPlace()
    {
        ReferenceDisk content = new ReferenceDisk(48 * MiB).Fill(0, 48 * MiB, 3);
        string path = _folder.File("disk.vhdx");
        using (var file = DiskFile.Create(path))
        {
            var writer = new VhdxWriter(file, content.Content.Length, new VhdxWriterOptions());
            await Parallel.ForAsync(0, 48, TestContext.Current.CancellationToken, (block, _) =>
            {
                writer.Write(block * MiB, content.Content.AsSpan(block * MiB, MiB / 2));
                writer.Write((block * MiB) + (MiB / 2), content.Content.AsSpan((block * MiB) + (MiB / 2), MiB / 2));
                return ValueTask.CompletedTask;
            });
            writer.Complete();
        }

        Assert.Equal(content.Content, VhdxTestDisk.ReadAll(path));
    }

    [Fact]
    public void GetFixedPlace_FixedDisk_WhereTheDataIs()
    {
        string path = _folder.File("disk.vhdx");
        using (var file = DiskFile.Create(path))
        {
            var writer = new VhdxWriter(file, 8 * MiB, new VhdxWriterOptions { Type = VhdType.Fixed });
            Assert.Equal(file, writer.GetFixedPlace((5 * MiB) + 512)?.File);
            file.Write(writer.GetFixedPlace((5 * MiB) + 512)?.Offset ?? 0, [1, 2, 3]);
            writer.Complete();
            Assert.Null(new VhdxWriter(file, 8 * MiB, new VhdxWriterOptions()).GetFixedPlace(0));
        }

        Assert.Equal([0, 1, 2, 3, 0], VhdxTestDisk.ReadAll(path)[((5 * MiB) + 511)..((5 * MiB) + 516)]);
    }

    [Fact]
    public void Write_NotCompleted_IsNoVhdx()
    {
        string path = _folder.File("disk.img");
        using (var file = DiskFile.Create(path))
        {
            new VhdxWriter(file, 8 * MiB, new VhdxWriterOptions()).Write(0, new byte[512]);
        }

        using VirtualDisk disk = VirtualDiskFile.Open(path);
        Assert.Equal(VhdFormat.Raw, disk.Format);
    }

    [Theory]
    [InlineData(1L << 20, 1)]
    [InlineData(4L << 30, 1)]
    [InlineData((4L << 30) + 4096, 2)]
    [InlineData(100L << 30, 32)]
    [InlineData(127L << 30, 32)]
    [InlineData(64L << 40, 32)]
    public void DefaultBlockSize_GrowsWithDisk(long length, int expectedMiB) =>
        Assert.Equal(expectedMiB * MiB, VhdxWriter.DefaultBlockSize(length));

    [Theory]
    [InlineData(0, 0, 512, VhdType.Dynamic, ErrorCode.DiskSizeOutOfRange)]
    [InlineData((64L << 40) + 512, 0, 512, VhdType.Dynamic, ErrorCode.DiskSizeOutOfRange)]
    [InlineData(1000, 0, 512, VhdType.Dynamic, ErrorCode.DiskSizeUnaligned)]
    [InlineData(512, 0, 4096, VhdType.Dynamic, ErrorCode.DiskSizeUnaligned)]
    [InlineData(MiB, 1000, 512, VhdType.Dynamic, ErrorCode.InvalidArgument)]
    [InlineData(MiB, 3 * MiB, 512, VhdType.Dynamic, ErrorCode.InvalidArgument)]
    [InlineData(MiB, 512 * MiB, 512, VhdType.Dynamic, ErrorCode.InvalidArgument)]
    [InlineData(MiB, 0, 1024, VhdType.Dynamic, ErrorCode.InvalidArgument)]
    [InlineData(MiB, 0, 512, VhdType.Differencing, ErrorCode.DiskTypeUnsuitable)]
    public void Create_Impossible_Refused(long length, int blockSize, int sectorSize, VhdType type, ErrorCode code)
    {
        using var file = DiskFile.Create(_folder.File("disk.vhdx"));
        var options = new VhdxWriterOptions { Type = type, BlockSizeInBytes = blockSize, LogicalSectorSize = sectorSize };

        DiskOperationException exception = Assert.Throws<DiskOperationException>(
            () => new VhdxWriter(file, length, options));

        Assert.Equal(code, exception.Code);
        Assert.NotNull(exception.RecommendedAction);
        Assert.Equal(0, file.Length);
    }

    [Theory]
    [InlineData(VhdType.Fixed)]
    [InlineData(VhdType.Dynamic)]
    public void EstimateFileLength_DenseAndEmpty_NotBelowWhatIsOccupied(VhdType type)
    {
        ReferenceDisk content = new ReferenceDisk(20 * MiB).Fill(0, 20 * MiB, 1);
        string path = VhdxTestDisk.Write(_folder.File("disk.vhdx"), content, new VhdxWriterOptions { Type = type });
        using var scratch = DiskFile.Create(_folder.File("scratch"));
        var writer = new VhdxWriter(scratch, content.Content.Length, new VhdxWriterOptions { Type = type });

        using var file = DiskFile.OpenRead(path);
        Assert.True(writer.EstimateFileLength(20 * MiB) >= file.GetAllocatedLength());
        Assert.True(writer.EstimateFileLength(0) < 5 * MiB);
    }
}
