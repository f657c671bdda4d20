using Xunit;

namespace AzureVmRole.Disks.Tests.Vhdx;

/// <summary>A sound image with one field of headers or region tables changed, its checksum mended.</summary>
public sealed class VhdxHeaderSectionTests : IDisposable
{
    private const int MiB = VhdxImageBuilder.MiB;
    private const int FirstHeader = VhdxImageBuilder.HeaderOffset;
    private const int SecondHeader = VhdxImageBuilder.SecondHeaderOffset;
    private const int FirstTable = VhdxImageBuilder.RegionTableOffset;
    private const int SecondTable = VhdxImageBuilder.SecondRegionTableOffset;

    private readonly SoundImage _images = new();

    public void Dispose() => _images.Dispose();

    [Theory]
    [InlineData(66, new byte[] { 2 }, "Version")]
    [InlineData(68, new byte[] { 1 }, "LogLength")]
    [InlineData(72, new byte[] { 0, 0, 0 }, "LogOffset")]
    [InlineData(72, new byte[] { 1 }, "LogOffset")]
    [InlineData(79, new byte[] { 0xFF }, "LogOffset")]
    public void Open_HeaderFieldWrong_Refused(int offset, byte[] value, string field)
    {
        VhdxImageBuilder image = SoundImage.Make().PatchBoth(FirstHeader, SecondHeader, offset, value);

        _images.AssertRefused(image, ErrorCode.VhdxHeaderInvalid, field, SecondHeader + (offset > 72 ? 72 : offset));
    }

    [Theory]
    [InlineData(0, "Header Signature", 0)]
    [InlineData(4, "Header Checksum", 4)]
    [InlineData(100, "Header Checksum", 4)]
    public void Open_BothHeadersBad_Refused(int offset, string field, int fieldOffset)
    {
        VhdxImageBuilder image = SoundImage.Make();
        image.Bytes[FirstHeader + offset] ^= 1;
        image.Bytes[SecondHeader + offset] ^= 1;

        _images.AssertRefused(image, ErrorCode.VhdxHeaderInvalid, field, FirstHeader + fieldOffset);
    }

    [Theory]
    [InlineData(FirstHeader, "VhdxHeaderCopy")]
    [InlineData(SecondHeader, "VhdxHeaderCopy")]
    [InlineData(FirstTable, "VhdxRegionTableCopy")]
    [InlineData(SecondTable, "VhdxRegionTableCopy")]
    public void Open_OneCopyBad_FindingAndRightContent(int offset, string ruleId)
    {
        VhdxImageBuilder image = SoundImage.Make();
        image.Bytes[offset + 20] ^= 1;

        using VirtualDisk disk = VirtualDiskFile.Open(_images.Save(image));

        DiskFinding finding = Assert.Single(disk.Findings);
        Assert.Equal(ruleId, finding.RuleId);
        Assert.Equal(FindingSeverity.Warning, finding.Severity);
        Assert.Contains($"0x{offset + 4:X}", finding.Found, StringComparison.Ordinal);
        Assert.Equal(SoundImage.Content, VhdxTestDisk.ReadAll(disk));
    }

    [Fact]
    public void Open_SameSequenceDifferentHeaders_Refused() => _images.AssertRefused(
        SoundImage.Make().Patch(FirstHeader + 8, 7).Patch(FirstHeader + 16, 1), ErrorCode.VhdxHeaderInvalid, "SequenceNumber", SecondHeader + 8);

    [Fact]
    public void Open_SameSequenceSameHeaders_Accepted() => _images.AssertRight(SoundImage.Make().Patch(FirstHeader + 8, 7));

    [Fact]
    public void Open_OtherHeaderHasOtherVersion_Accepted() => _images.AssertRight(SoundImage.Make().Patch(FirstHeader + 66, 9));

    [Fact]
    public void Open_FirstHeaderNewer_ItsFieldsCount()
    {
        VhdxImageBuilder image = SoundImage.Make().Patch(FirstHeader + 8, 8).Patch(FirstHeader + 32, Guid.Empty.ToByteArray());

        using VirtualDisk disk = VirtualDiskFile.Open(_images.Save(image));

        Assert.Equal(Guid.Empty, Assert.IsType<Disks.Vhdx.VhdxDisk>(disk).DataWriteGuid);
    }

    [Theory]
    [InlineData(8, new byte[] { 0, 8 }, "Region table EntryCount", 8)] // 2048
    [InlineData(8, new byte[] { 1 }, "Region table", 0)] // no metadata region
    [InlineData(8, new byte[] { 0 }, "Region table", 0)]
    [InlineData(32, new byte[] { 1 }, "Region FileOffset", 32)]
    [InlineData(32, new byte[] { 0, 0, 0 }, "Region FileOffset", 32)]
    [InlineData(39, new byte[] { 0xFF }, "Region FileOffset", 32)]
    [InlineData(34, new byte[] { 0x10 }, "Region FileOffset", 32)] // the log's place
    [InlineData(66, new byte[] { 0x20 }, "Region FileOffset", 64)] // the BAT's place
    [InlineData(35, new byte[] { 0x10 }, "Region FileOffset", 32)] // beyond the end
    [InlineData(40, new byte[] { 1 }, "Region Length", 40)]
    [InlineData(40, new byte[] { 0, 0, 0 }, "Region Length", 40)]
    public void Open_RegionFieldWrong_Refused(int offset, byte[] value, string field, int fieldOffset)
    {
        VhdxImageBuilder image = SoundImage.Make().PatchBoth(FirstTable, SecondTable, offset, value);

        DiskFormatException exception = _images.Refusal(image);
        Assert.Equal(ErrorCode.VhdxRegionTableInvalid, exception.Code);
        Assert.Equal(field, exception.Field);
        Assert.Equal(FirstTable + fieldOffset, exception.FileOffset);
    }

    [Fact]
    public void Open_RegionTwice_Refused() => _images.AssertRefused(
        SoundImage.Make().PatchBoth(FirstTable, SecondTable, 48, SoundImage.Make().Bytes[(FirstTable + 16)..(FirstTable + 32)]),
        ErrorCode.VhdxRegionTableInvalid, "Region Guid", FirstTable + 48);

    [Fact]
    public void Open_UnknownRegion_RequiredRefusedOptionalKept()
    {
        var id = new Guid("12345678-0000-0000-0000-000000000001");
        byte[] entry = [.. id.ToByteArray(), .. BitConverter.GetBytes(64L * MiB), .. BitConverter.GetBytes(MiB), 0, 0, 0, 0];
        _images.AssertRight(SoundImage.Make().PatchBoth(FirstTable, SecondTable, 80, entry).PatchBoth(FirstTable, SecondTable, 8, 3));

        entry[28] = 1;
        DiskFormatException exception = _images.Refusal(
            SoundImage.Make().PatchBoth(FirstTable, SecondTable, 80, entry).PatchBoth(FirstTable, SecondTable, 8, 3));
        Assert.Equal(ErrorCode.DiskFormatUnsupported, exception.Code);
        Assert.Contains(id.ToString(), exception.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Open_DirtyLogWithOtherVersion_Refused() => _images.AssertRefused(
        SoundImage.Make().SetLogGuid(Guid.NewGuid()).PatchBoth(FirstHeader, SecondHeader, 64, 1), ErrorCode.VhdxLogInvalid, "LogVersion",
        SecondHeader + 64);
}
