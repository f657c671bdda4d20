using AzureVmRole.TestKit;
using Xunit;

namespace AzureVmRole.Disks.Tests.Vhdx;

public sealed class VhdxParentReaderTests : IDisposable
{
    private const uint HasParent = TestChain.HasParent;
    private const int DiskLength = TestChain.DiskLength;

    private readonly TestChain _chain = new();

    public void Dispose() => _chain.Dispose();

    [Theory]
    [InlineData(@".\base.vhdx")]
    [InlineData("base.vhdx")]
    [InlineData(@"..\{folder}\base.vhdx")]
    [InlineData(@"sub\..\base.vhdx")]
    [InlineData(@"gone\base.vhdx")] // moved beside the child
    public void Open_RelativePath_IsFound(string relativePath)
    {
        _chain.SaveBase(new ReferenceDisk(DiskLength), 512);
        TestChain.Child(DiskLength, relativePath.Replace("{folder}", Path.GetFileName(_chain.Folder), StringComparison.Ordinal))
            .Save(_chain.File("child.vhdx"));

        using VirtualDisk disk = VirtualDiskFile.Open(_chain.File("child.vhdx"));

        Assert.Equal(_chain.File("base.vhdx"), disk.Parent?.Path);
    }

    [Fact]
    public void Open_SecondLinkageMatches_IsAccepted()
    {
        _chain.SaveBase(new ReferenceDisk(DiskLength), 512);
        byte[] locator = VhdxParentLocatorBuilder.Build(
            ("parent_linkage", Guid.Empty.ToString("B")), ("relative_path", @".\base.vhdx"),
            ("parent_linkage2", VhdxImageBuilder.DataWriteGuid.ToString("B")));
        new VhdxImageBuilder(DiskLength, fileFlags: HasParent, parentLocator: locator).Save(_chain.File("child.vhdx"));

        using VirtualDisk disk = VirtualDiskFile.Open(_chain.File("child.vhdx"));

        Assert.NotNull(disk.Parent);
    }

    [Fact]
    public void Open_ParentMissing_NamesEveryPathTried()
    {
        byte[] locator = VhdxParentLocatorBuilder.Build(
            ("parent_linkage", VhdxImageBuilder.DataWriteGuid.ToString("B")),
            ("relative_path", @"sub\gone.vhdx"),
            ("absolute_win32_path", @"\\?\D:\disks\moved.vhdx"));
        new VhdxImageBuilder(DiskLength, fileFlags: HasParent, parentLocator: locator).Save(_chain.File("child.vhdx"));

        DiskOperationException exception = AssertRefused(ErrorCode.ParentNotFound);

        Assert.Contains(Path.Combine(_chain.Folder, "sub", "gone.vhdx"), exception.Message, StringComparison.Ordinal);
        Assert.Contains(_chain.File("gone.vhdx"), exception.Message, StringComparison.Ordinal);
        Assert.Contains(_chain.File("moved.vhdx"), exception.Message, StringComparison.Ordinal);
        Assert.Contains(@"\\?\D:\disks\moved.vhdx", exception.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Open_PathLongerThanAny_ParentNotFound()
    {
        TestChain.Child(DiskLength, new string('x', 32_767)).Save(_chain.File("child.vhdx"));

        AssertRefused(ErrorCode.ParentNotFound);
    }

    [Fact]
    public void Open_ParentWrittenSince_ParentModified()
    {
        _chain.SaveBase(new ReferenceDisk(DiskLength), 512);
        byte[] locator = VhdxParentLocatorBuilder.ForParent(Guid.NewGuid(), @".\base.vhdx");
        new VhdxImageBuilder(DiskLength, fileFlags: HasParent, parentLocator: locator).Save(_chain.File("child.vhdx"));

        DiskOperationException exception = AssertRefused(ErrorCode.ParentModified);

        Assert.Contains(VhdxImageBuilder.DataWriteGuid.ToString(), exception.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Open_ParentOfOtherFormat_IdentityMismatch()
    {
        File.WriteAllBytes(_chain.File("base.img"), new byte[DiskLength]);
        TestChain.Child(DiskLength, @".\base.img").Save(_chain.File("child.vhdx"));

        AssertRefused(ErrorCode.ParentIdentityMismatch);
    }

    [Fact]
    public void Open_ParentWithOtherSectors_IdentityMismatch()
    {
        _chain.SaveBase(new ReferenceDisk(DiskLength), 4096);
        TestChain.Child(DiskLength, @".\base.vhdx").Save(_chain.File("child.vhdx"));

        AssertRefused(ErrorCode.ParentIdentityMismatch);
    }

    [Fact]
    public void Open_ParentIsItself_ParentCycle()
    {
        TestChain.Child(DiskLength, @".\child.vhdx").Save(_chain.File("child.vhdx"));

        AssertRefused(ErrorCode.ParentCycle);
    }

    private DiskOperationException AssertRefused(ErrorCode code)
    {
        string path = _chain.File("child.vhdx");
        DiskOperationException exception = Assert.Throws<DiskOperationException>(() => VirtualDiskFile.Open(path));
        Assert.Equal(code, exception.Code);
        Assert.Equal(path, exception.Target);
        Assert.NotNull(exception.RecommendedAction);
        return exception;
    }
}
