using AzureVmRole.TestKit;
using Xunit;

namespace AzureVmRole.Disks.Tests.Vhdx;

/// <summary>Measures the memory of the whole process, so nothing may run beside it.</summary>
[Collection(nameof(VhdxMemoryTests))]
[CollectionDefinition(nameof(VhdxMemoryTests), DisableParallelization = true)]
public sealed class VhdxMemoryTests : IDisposable
{
    private const int MiB = VhdxImageBuilder.MiB;
    private const long TiB = 1L << 40;

    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public void EnumerateExtents_TableLargerThanCache_MemoryBounded()
    {
        string path = VhdxTestDisk.WriteSparse(_folder.File("disk.vhdx"), 8 * TiB, MiB);
        using VirtualDisk disk = VirtualDiskFile.Open(path);
        long before = GC.GetTotalMemory(forceFullCollection: true);

        DiskExtent[] data = [.. disk.EnumerateExtents(0, disk.LengthInBytes).Where(extent => extent.Kind == ExtentKind.File)];

        DiskExtent extent = Assert.Single(data);
        Assert.Equal((disk.LengthInBytes - MiB, MiB), (extent.DiskOffset, extent.Length));
        Assert.InRange(GC.GetTotalMemory(forceFullCollection: true) - before, 16 * MiB, 48 * MiB);
        GC.KeepAlive(disk);
    }
}
