using AzureVmRole.Disks.Vhdx;
using Xunit;

namespace AzureVmRole.Disks.Tests.Vhdx;

public sealed class VhdxParentLocatorTests
{
    private const long FileOffset = 0x310000;
    private static readonly Guid Linkage = new("83ed0ec3-24c8-49a6-a959-5e4bf1288bfb");

    [Fact]
    public void Parse_SpecificationExample_AllValues()
    {
        byte[] item = VhdxParentLocatorBuilder.Build(
            ("parent_linkage", "{83ed0ec3-24c8-49a6-a959-5e4bf1288bfb}"),
            ("relative_path", @"..\..\path2\sub3\parent.vhdx"),
            ("volume_path", @"\\?\Volume{26A21BDA-A627-11D7-9931-806E6F6E6963}\path2\sub3\parent.vhdx"),
            ("absolute_win32_path", @"\\?\d:\path2\sub3\parent.vhdx"));

        var locator = VhdxParentLocator.Parse(item, "child", FileOffset);

        Assert.Equal([Linkage], locator.Linkages);
        Assert.Equal(@"..\..\path2\sub3\parent.vhdx", locator.RelativePath);
        Assert.Equal(@"\\?\Volume{26A21BDA-A627-11D7-9931-806E6F6E6963}\path2\sub3\parent.vhdx", locator.VolumePath);
        Assert.Equal(@"\\?\d:\path2\sub3\parent.vhdx", locator.AbsolutePath);
    }

    [Fact]
    public void Parse_EveryTruncation_Refused()
    {
        byte[] item = VhdxParentLocatorBuilder.ForParent(Linkage, @".\base.vhdx");
        for (int length = 0; length < item.Length; length++)
        {
            DiskFormatException exception = Assert.Throws<DiskFormatException>(
                () => VhdxParentLocator.Parse(item.AsSpan(0, length), "child", FileOffset));
            Assert.True(exception.Code is ErrorCode.FileTruncated or ErrorCode.VhdxParentLocatorInvalid);
        }
    }

    [Theory]
    [InlineData(0, 1, "LocatorType")]
    [InlineData(20, 0xFF, "KeyOffset")]
    [InlineData(23, 0xFF, "KeyOffset")]
    [InlineData(24, 0xFF, "ValueOffset")]
    [InlineData(27, 0x80, "ValueOffset")]
    [InlineData(28, 0, "KeyOffset")]
    [InlineData(28, 3, "KeyOffset")]
    [InlineData(31, 0xFF, "ValueOffset")]
    public void Parse_FieldWrong_NamesIt(int offset, byte value, string field)
    {
        byte[] item = VhdxParentLocatorBuilder.ForParent(Linkage, @".\base.vhdx");
        item[offset] = value;

        AssertRefused(item, field);
    }

    [Fact]
    public void Parse_NoLinkage_Refused() =>
        AssertRefused(VhdxParentLocatorBuilder.Build(("relative_path", "base.vhdx")), "parent_linkage");

    [Fact]
    public void Parse_LinkageNoGuid_Refused() =>
        AssertRefused(VhdxParentLocatorBuilder.Build(("parent_linkage", "{no guid}")), "parent_linkage");

    [Fact]
    public void Parse_KeyTwice_Refused() => AssertRefused(
        VhdxParentLocatorBuilder.Build(("a", "b"), ("a", "c"), ("parent_linkage", Linkage.ToString("B"))),
        "Parent locator entry");

    [Fact]
    public void Parse_TextWithNul_Refused() =>
        AssertRefused(VhdxParentLocatorBuilder.Build(("relative_path", "base\0.vhdx")), "Value");

    [Fact]
    public void Parse_ManyEntriesShareText_RefusedBeforeTheMemoryIsGone()
    {
        byte[] item = VhdxParentLocatorBuilder.Build(
            [("text", new string('x', 30_000)), .. Enumerable.Range(0, 5000).Select(index => ($"key{index}", "v"))]);
        for (int entry = 20 + 12; entry < 20 + (5000 * 12); entry += 12)
        {
            item.AsSpan(20 + 4, 4).CopyTo(item.AsSpan(entry + 4));
            item.AsSpan(20 + 10, 2).CopyTo(item.AsSpan(entry + 10));
        }

        AssertRefused(item, "Parent locator entry");
    }

    private static void AssertRefused(byte[] item, string field)
    {
        DiskFormatException exception = Assert.Throws<DiskFormatException>(
            () => VhdxParentLocator.Parse(item, "child", FileOffset));
        Assert.Equal(ErrorCode.VhdxParentLocatorInvalid, exception.Code);
        Assert.Equal(field, exception.Field);
        Assert.InRange(exception.FileOffset, FileOffset, FileOffset + item.Length);
    }
}
