using AzureVmRole.Disks.Vhdx;
using AzureVmRole.TestKit;
using Xunit;

namespace AzureVmRole.Disks.Tests.Vhdx;

public sealed class VhdxDiskTests : IDisposable
{
    private const int MiB = VhdxImageBuilder.MiB;
    private const long TiB = 1L << 40;

    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public void Open_BuiltImage_EveryProperty()
    {
        using VirtualDisk disk = VirtualDiskFile.Open(
            new VhdxImageBuilder(8 * MiB, blockSize: 2 * MiB, sectorSize: 4096, fileFlags: 1).Save(_folder.File("disk.vhdx")));

        VhdxDisk vhdx = Assert.IsType<VhdxDisk>(disk);
        Assert.Equal((VhdFormat.Vhdx, VhdType.Fixed), (disk.Format, disk.Type));
        Assert.Equal((8 * MiB, 2 * MiB, 4096, 4096), (
            disk.LengthInBytes, disk.BlockSizeInBytes, disk.LogicalSectorSize, disk.PhysicalSectorSize));
        Assert.Equal(
            (VhdxImageBuilder.Identifier, VhdxImageBuilder.FileWriteGuid, VhdxImageBuilder.DataWriteGuid),
            (disk.Identifier, vhdx.FileWriteGuid, vhdx.DataWriteGuid));
        Assert.Equal("Test builder", disk.Creator);
        Assert.True(disk.IsAligned);
        Assert.Null(disk.Parent);
    }

    [Fact]
    public void EnumerateExtents_ConsecutiveBlocks_OneExtent()
    {
        ReferenceDisk content = new ReferenceDisk(64 * MiB).Fill(0, 64 * MiB, 1);
        string path = VhdxTestDisk.Write(_folder.File("disk.vhdx"), content, new VhdxWriterOptions { Type = VhdType.Fixed });

        using VirtualDisk disk = VirtualDiskFile.Open(path);

        DiskExtent extent = Assert.Single(disk.EnumerateExtents(0, disk.LengthInBytes));
        Assert.Equal((0, 64 * MiB, ExtentKind.File), (extent.DiskOffset, extent.Length, extent.Kind));
        Assert.Equal(content.Content, VhdxTestDisk.ReadAll(disk));
    }

    [Fact]
    public void Open_LargestDiskSmallestBlocks_ReadsNoTable()
    {
        string path = VhdxTestDisk.WriteSparse(_folder.File("disk.vhdx"), 64 * TiB, MiB);
        long before = GC.GetAllocatedBytesForCurrentThread();

        using VirtualDisk disk = VirtualDiskFile.Open(path);
        disk.Read(disk.LengthInBytes - 512, new byte[512]);

        // The table alone has 512 MiB.
        Assert.InRange(GC.GetAllocatedBytesForCurrentThread() - before, 0, 2 * MiB);
    }
}
