using AzureVmRole.TestKit;
using Xunit;

namespace AzureVmRole.Disks.Tests.Vhdx;

public sealed class VhdxParentTests : IDisposable
{
    private const int MiB = VhdxImageBuilder.MiB;
    private const uint HasParent = 2;
    private const int DiskLength = 4 * MiB;

    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Theory]
    [InlineData(512)]
    [InlineData(4096)]
    public void Read_ChainWithSectorBitmaps_AsModel(int sectorSize)
    {
        ReferenceDisk content = new ReferenceDisk(DiskLength).Fill(0, 3 * MiB, 1);
        SaveBase(content, sectorSize);
        string top = "base.vhdx";
        var random = new Random(sectorSize);
        for (int level = 2; level < 6; level++)
        {
            string name = $"level{level}.vhdx";
            SaveChild(name, top, sectorSize, content, level, random);
            top = name;
        }

        using VirtualDisk disk = VirtualDiskFile.Open(_folder.File(top));

        Assert.Equal(VhdType.Differencing, disk.Type);
        Assert.Equal(content.Content, VhdxTestDisk.ReadAll(disk));
        AssertReadsAnywhere(disk, content, random);
    }

    [Fact]
    public void EnumerateExtents_PartialBlock_CoversRangeExactly()
    {
        ReferenceDisk content = new ReferenceDisk(DiskLength).Fill(0, DiskLength, 1);
        SaveBase(content, 512);
        SaveChild("child.vhdx", "base.vhdx", 512, content, 2, new Random(1));
        using VirtualDisk disk = VirtualDiskFile.Open(_folder.File("child.vhdx"));

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
        SaveBase(content, 512);
        Child(6 * MiB, @".\base.vhdx").Save(_folder.File("child.vhdx"));

        byte[] read = VhdxTestDisk.ReadAll(_folder.File("child.vhdx"));

        Assert.Equal(content.Content, read[..DiskLength]);
        Assert.Equal(-1, read.AsSpan(DiskLength).IndexOfAnyExcept((byte)0));
    }

    [Theory]
    [InlineData(1)] // undefined
    [InlineData(2)] // zero
    [InlineData(3)] // unmapped
    public void Read_BlockZeroInChild_HidesParent(int state)
    {
        SaveBase(new ReferenceDisk(DiskLength).Fill(0, DiskLength, 1), 512);
        Child(DiskLength, @".\base.vhdx").SetPayload(0, (ulong)state).Save(_folder.File("child.vhdx"));

        byte[] read = VhdxTestDisk.ReadAll(_folder.File("child.vhdx"));

        Assert.Equal(-1, read.AsSpan(0, MiB).IndexOfAnyExcept((byte)0));
        Assert.Equal(0, read.AsSpan(MiB).IndexOfAnyExcept((byte)0));
    }

    [Theory]
    [InlineData(@".\base.vhdx")]
    [InlineData("base.vhdx")]
    [InlineData(@"..\{folder}\base.vhdx")]
    [InlineData(@"sub\..\base.vhdx")]
    [InlineData(@"gone\base.vhdx")] // moved beside the child
    public void Open_RelativePath_IsFound(string relativePath)
    {
        SaveBase(new ReferenceDisk(DiskLength), 512);
        Child(DiskLength, relativePath.Replace("{folder}", Path.GetFileName(_folder.Path), StringComparison.Ordinal))
            .Save(_folder.File("child.vhdx"));

        using VirtualDisk disk = VirtualDiskFile.Open(_folder.File("child.vhdx"));

        Assert.Equal(_folder.File("base.vhdx"), disk.Parent?.Path);
    }

    [Fact]
    public void Open_SecondLinkageMatches_IsAccepted()
    {
        SaveBase(new ReferenceDisk(DiskLength), 512);
        byte[] locator = VhdxParentLocatorBuilder.Build(
            ("parent_linkage", Guid.Empty.ToString("B")), ("relative_path", @".\base.vhdx"),
            ("parent_linkage2", VhdxImageBuilder.DataWriteGuid.ToString("B")));
        new VhdxImageBuilder(DiskLength, fileFlags: HasParent, parentLocator: locator).Save(_folder.File("child.vhdx"));

        using VirtualDisk disk = VirtualDiskFile.Open(_folder.File("child.vhdx"));

        Assert.NotNull(disk.Parent);
    }

    [Fact]
    public void Open_ParentMissing_NamesEveryPathTried()
    {
        byte[] locator = VhdxParentLocatorBuilder.Build(
            ("parent_linkage", VhdxImageBuilder.DataWriteGuid.ToString("B")),
            ("relative_path", @"sub\gone.vhdx"),
            ("absolute_win32_path", @"\\?\D:\disks\moved.vhdx"));
        new VhdxImageBuilder(DiskLength, fileFlags: HasParent, parentLocator: locator).Save(_folder.File("child.vhdx"));

        DiskOperationException exception = AssertRefused(ErrorCode.ParentNotFound);

        Assert.Contains(Path.Combine(_folder.Path, "sub", "gone.vhdx"), exception.Message, StringComparison.Ordinal);
        Assert.Contains(_folder.File("gone.vhdx"), exception.Message, StringComparison.Ordinal);
        Assert.Contains(_folder.File("moved.vhdx"), exception.Message, StringComparison.Ordinal);
        Assert.Contains(@"\\?\D:\disks\moved.vhdx", exception.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Open_ParentWrittenSince_ParentModified()
    {
        SaveBase(new ReferenceDisk(DiskLength), 512);
        byte[] locator = VhdxParentLocatorBuilder.ForParent(Guid.NewGuid(), @".\base.vhdx");
        new VhdxImageBuilder(DiskLength, fileFlags: HasParent, parentLocator: locator).Save(_folder.File("child.vhdx"));

        DiskOperationException exception = AssertRefused(ErrorCode.ParentModified);

        Assert.Contains(VhdxImageBuilder.DataWriteGuid.ToString(), exception.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Open_ParentOfOtherFormat_IdentityMismatch()
    {
        File.WriteAllBytes(_folder.File("base.img"), new byte[DiskLength]);
        Child(DiskLength, @".\base.img").Save(_folder.File("child.vhdx"));

        AssertRefused(ErrorCode.ParentIdentityMismatch);
    }

    [Fact]
    public void Open_ParentWithOtherSectors_IdentityMismatch()
    {
        SaveBase(new ReferenceDisk(DiskLength), 4096);
        Child(DiskLength, @".\base.vhdx").Save(_folder.File("child.vhdx"));

        AssertRefused(ErrorCode.ParentIdentityMismatch);
    }

    [Fact]
    public void Open_ParentIsItself_ParentCycle()
    {
        Child(DiskLength, @".\child.vhdx").Save(_folder.File("child.vhdx"));

        AssertRefused(ErrorCode.ParentCycle);
    }

    [Fact]
    public void Dispose_Chain_ClosesEveryFile()
    {
        SaveBase(new ReferenceDisk(DiskLength), 512);
        Child(DiskLength, @".\base.vhdx").Save(_folder.File("child.vhdx"));

        VirtualDiskFile.Open(_folder.File("child.vhdx")).Dispose();

        // On every system an open disk refuses a writer.
        using FileStream writer = File.Open(_folder.File("base.vhdx"), FileMode.Open, FileAccess.Write, FileShare.None);
        Assert.True(writer.CanWrite);
    }

    private static VhdxImageBuilder Child(long length, string relativePath, int sectorSize = 512) => new(
        length, sectorSize: sectorSize, fileFlags: HasParent,
        parentLocator: VhdxParentLocatorBuilder.ForParent(VhdxImageBuilder.DataWriteGuid, relativePath));

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

    private DiskOperationException AssertRefused(ErrorCode code)
    {
        string path = _folder.File("child.vhdx");
        DiskOperationException exception = Assert.Throws<DiskOperationException>(() => VirtualDiskFile.Open(path));
        Assert.Equal(code, exception.Code);
        Assert.Equal(path, exception.Target);
        Assert.NotNull(exception.RecommendedAction);
        return exception;
    }

    private void SaveBase(ReferenceDisk content, int sectorSize)
    {
        var image = new VhdxImageBuilder(DiskLength, sectorSize: sectorSize);
        for (int block = 0; block < DiskLength / MiB; block++)
        {
            image.AddBlock(block, content.Content.AsSpan(block * MiB, MiB));
        }

        image.Save(_folder.File("base.vhdx"));
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

        Child(DiskLength, $@".\{parent}", sectorSize)
            .AddBlock(3, own.Content.AsSpan(3 * MiB, MiB), state: 7)
            .AddBlock(1, own.Content.AsSpan(MiB, MiB))
            .AddBitmap(0, bits)
            .AddBlock(0, own.Content.AsSpan(0, MiB), state: 7)
            .Save(_folder.File(name));
    }
}
