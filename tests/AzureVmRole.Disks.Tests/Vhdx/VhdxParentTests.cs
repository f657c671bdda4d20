using AzureVmRole.TestKit;
using Xunit;

namespace AzureVmRole.Disks.Tests.Vhdx;

public sealed class VhdxParentTests : IDisposable
{
    private const int MiB = VhdxImageBuilder.MiB;
    private const int DiskLength = TestChain.DiskLength;

    private readonly TestChain _chain = new();

    public void Dispose() => _chain.Dispose();

    [Theory]
    [InlineData(512)]
    [InlineData(4096)]
    public void Read_ChainWithSectorBitmaps_AsModel(int sectorSize)
    {
        ReferenceDisk content = new ReferenceDisk(DiskLength).Fill(0, 3 * MiB, 1);
        _chain.SaveBase(content, sectorSize);
        string top = "base.vhdx";
        var random = new Random(sectorSize);
        for (int level = 2; level < 6; level++)
        {
            string name = $"level{level}.vhdx";
            SaveChild(name, top, sectorSize, content, level, random);
            top = name;
        }

        using VirtualDisk disk = VirtualDiskFile.Open(_chain.File(top));

        Assert.Equal(VhdType.Differencing, disk.Type);
        Assert.Equal(content.Content, VhdxTestDisk.ReadAll(disk));
        AssertReadsAnywhere(disk, content, random);
    }

    [Fact]
    public void EnumerateExtents_PartialBlock_CoversRangeExactly()
    {
        ReferenceDisk content = new ReferenceDisk(DiskLength).Fill(0, DiskLength, 1);
        _chain.SaveBase(content, 512);
        SaveChild("child.vhdx", "base.vhdx", 512, content, 2, new Random(1));
        using VirtualDisk disk = VirtualDiskFile.Open(_chain.File("child.vhdx"));

        long position = 100;
        foreach (DiskExtent extent in disk.EnumerateExtents(100, DiskLength - 300))
        {
            Assert.Equal(position, extent.DiskOffset);
            Assert.True(extent.Length > 0);
            position = extent.End;
        }

        Assert.Equal(DiskLength - 200, position);
    }

    [Fact]
    public void Read_ChildLongerThanParent_ZerosBeyondParent()
    {
        ReferenceDisk content = new ReferenceDisk(DiskLength).Fill(0, DiskLength, 1);
        _chain.SaveBase(content, 512);
        TestChain.Child(6 * MiB, @".\base.vhdx").Save(_chain.File("child.vhdx"));

        byte[] read = VhdxTestDisk.ReadAll(_chain.File("child.vhdx"));

        Assert.Equal(content.Content, read[..DiskLength]);
        Assert.Equal(-1, read.AsSpan(DiskLength).IndexOfAnyExcept((byte)0));
    }

    [Theory]
    [InlineData(1)] // undefined
    [InlineData(2)] // zero
    [InlineData(3)] // unmapped
    public void Read_BlockZeroInChild_HidesParent(int state)
    {
        _chain.SaveBase(new ReferenceDisk(DiskLength).Fill(0, DiskLength, 1), 512);
        TestChain.Child(DiskLength, @".\base.vhdx").SetPayload(0, (ulong)state).Save(_chain.File("child.vhdx"));

        byte[] read = VhdxTestDisk.ReadAll(_chain.File("child.vhdx"));

        Assert.Equal(-1, read.AsSpan(0, MiB).IndexOfAnyExcept((byte)0));
        Assert.Equal(0, read.AsSpan(MiB).IndexOfAnyExcept((byte)0));
    }

    [Fact]
    public void Dispose_Chain_ClosesEveryFile()
    {
        _chain.SaveBase(new ReferenceDisk(DiskLength), 512);
        TestChain.Child(DiskLength, @".\base.vhdx").Save(_chain.File("child.vhdx"));

        VirtualDiskFile.Open(_chain.File("child.vhdx")).Dispose();

        // On every system an open disk refuses a writer.
        using FileStream writer = File.Open(_chain.File("base.vhdx"), FileMode.Open, FileAccess.Write, FileShare.None);
        Assert.True(writer.CanWrite);
    }

    private static void AssertReadsAnywhere(VirtualDisk disk, ReferenceDisk content, Random random)
    {
        for (int count = 0; count < 200; count++)
        {
            int offset = random.Next(DiskLength);
            byte[] buffer = new byte[random.Next(1, Math.Min(DiskLength - offset, 70_000) + 1)];
            disk.Read(offset, buffer);
            Assert.True(content.Content.AsSpan(offset, buffer.Length).SequenceEqual(buffer), $"{buffer.Length} bytes at {offset}");
        }
    }

    /// <summary>
    /// Makes a child with block 0 present by runs of sectors, block 1 whole, block 2 in the parent and block 3 by single
    /// sectors, and puts what it holds into the model.
    /// </summary>
    private void SaveChild(string name, string parent, int sectorSize, ReferenceDisk content, int seed, Random random)
    {
        byte[] bits = new byte[DiskLength / sectorSize / 8];
        ReferenceDisk own = new ReferenceDisk(DiskLength).Fill(0, DiskLength, seed);
        int sector = 0;
        while (sector < DiskLength / sectorSize)
        {
            int block = sector * sectorSize / MiB;
            bool isPresent = block == 1 || (block != 2 && random.Next(2) == 0);
            int run = block is 1 or 2 ? MiB / sectorSize : random.Next(1, block == 3 ? 2 : 100);
            int end = Math.Min(sector + run, (block + 1) * (MiB / sectorSize));
            for (; sector < end; sector++)
            {
                if (isPresent)
                {
                    bits[sector / 8] |= (byte)(1 << (sector % 8));
                    own.Content.AsSpan(sector * sectorSize, sectorSize).CopyTo(content.Content.AsSpan(sector * sectorSize));
                }
            }
        }

        TestChain.Child(DiskLength, $@".\{parent}", sectorSize)
            .AddBlock(3, own.Content.AsSpan(3 * MiB, MiB), state: 7)
            .AddBlock(1, own.Content.AsSpan(MiB, MiB))
            .AddBitmap(0, bits)
            .AddBlock(0, own.Content.AsSpan(0, MiB), state: 7)
            .Save(_chain.File(name));
    }
}
