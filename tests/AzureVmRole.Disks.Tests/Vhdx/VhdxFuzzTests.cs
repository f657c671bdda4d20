using AzureVmRole.TestKit;
using Xunit;

namespace AzureVmRole.Disks.Tests.Vhdx;

/// <summary>Damaged images by the thousand: each is refused with an error of ours or read to its end.</summary>
public sealed class VhdxFuzzTests : IDisposable
{
    private const int CaseCount = 700;
    private const long MaximumAllocation = 64 << 20;
    private const int MiB = VhdxImageBuilder.MiB;

    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Theory(Timeout = 60_000)]
    [InlineData("dynamic", CaseCount)]
    [InlineData("differencing", CaseCount)]
    [InlineData("dirty", CaseCount)]
    public async Task Open_Mutated_ErrorOfOursOrReadToTheEnd(string kind, int caseCount)
    {
        await Task.Yield();
        VhdxImageBuilder image = Make(kind);
        string path = image.Save(_folder.File("disk.vhdx"));
        byte[] sound = image.ToArray();
        int refused = 0;
        for (int seed = 0; seed < caseCount; seed++)
        {
            var mutation = new VhdxMutation(sound, seed);
            mutation.Apply(path);
            refused += TryReadAll(path, seed) ? 0 : 1;
            mutation.Undo(path);
        }

        Assert.Equal(sound, await File.ReadAllBytesAsync(path, TestContext.Current.CancellationToken));
        Assert.InRange(refused, caseCount / 4, caseCount - 1);
    }

    private static bool TryReadAll(string path, int seed)
    {
        long before = GC.GetAllocatedBytesForCurrentThread();
        try
        {
            using VirtualDisk disk = VirtualDiskFile.Open(path);
            byte[] buffer = new byte[MiB];
            long position = 0;
            foreach (DiskExtent extent in disk.EnumerateExtents(0, disk.LengthInBytes))
            {
                Assert.True(extent.DiskOffset == position && extent.Length > 0, $"case {seed}: a gap at {position}");
                position = extent.End;
                if (extent.Kind != ExtentKind.Zero)
                {
                    disk.ReadExtent(
                        extent.Slice(extent.DiskOffset, Math.Min(extent.Length, MiB)),
                        buffer.AsSpan(0, (int)Math.Min(extent.Length, MiB)));
                }
            }

            Assert.True(position == disk.LengthInBytes, $"case {seed}: ends at {position}");
            return true;
        }
        catch (AzureVmRoleException exception) when (exception is DiskFormatException or DiskOperationException)
        {
            Assert.NotEqual(ErrorCode.InternalError, exception.Code);
            return false;
        }
        finally
        {
            long allocated = GC.GetAllocatedBytesForCurrentThread() - before;
            Assert.True(allocated < MaximumAllocation, $"case {seed}: {allocated} bytes allocated");
        }
    }

    private VhdxImageBuilder Make(string kind)
    {
        byte[] block = new byte[MiB];
        Array.Fill<byte>(block, 0x5A);
        if (kind is "differencing")
        {
            new VhdxImageBuilder(6 * MiB).AddBlock(0, block).AddBlock(1, block).Save(_folder.File("base.vhdx"));
            byte[] locator = VhdxParentLocatorBuilder.ForParent(VhdxImageBuilder.DataWriteGuid, @".\base.vhdx");
            return new VhdxImageBuilder(6 * MiB, fileFlags: 2, parentLocator: locator)
                .AddBlock(0, block, state: 7).AddBlock(3, block).AddBitmap(0, block.AsSpan(0, 4096));
        }

        VhdxImageBuilder image = new VhdxImageBuilder(6 * MiB).AddBlock(0, block).AddBlock(5, block);
        if (kind is "dirty")
        {
            var log = new VhdxLogBuilder(image);
            int next = log.Add(3, 5, 3, VhdxLogWrite.Bat((4UL << 20) | 6, (5UL << 20) | 6));
            log.Add(next, 6, 3, new VhdxLogWrite(VhdxImageBuilder.BatOffset, null, 8192), VhdxLogWrite.Bat((4UL << 20) | 6));
        }

        return image;
    }
}
