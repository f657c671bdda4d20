using System.Text;
using AzureVmRole.TestKit;
using Xunit;

namespace AzureVmRole.Disks.Tests.Vhdx;

/// <summary>A sound image with one field changed, its checksum mended: each is refused by name and place, or reads right.</summary>
public sealed class VhdxDamageTests : IDisposable
{
    private const int MiB = VhdxImageBuilder.MiB;
    private const int FirstHeader = VhdxImageBuilder.HeaderOffset;
    private const int SecondHeader = VhdxImageBuilder.SecondHeaderOffset;
    private const int FirstTable = VhdxImageBuilder.RegionTableOffset;
    private const int SecondTable = VhdxImageBuilder.SecondRegionTableOffset;
    private const int Metadata = VhdxImageBuilder.MetadataOffset;
    private const int Items = VhdxImageBuilder.ItemsOffset;

    private readonly TemporaryFolder _folder = new();
    private readonly ReferenceDisk _content = new ReferenceDisk(4 * MiB).Fill(0, MiB, 1).Fill(2 * MiB, MiB, 2);

    public void Dispose() => _folder.Dispose();

    [Theory]
    [InlineData(66, new byte[] { 2 }, "Version")]
    [InlineData(68, new byte[] { 1 }, "LogLength")]
    [InlineData(72, new byte[] { 0, 0, 0 }, "LogOffset")]
    [InlineData(72, new byte[] { 1 }, "LogOffset")]
    [InlineData(79, new byte[] { 0xFF }, "LogOffset")]
    public void Open_HeaderFieldWrong_Refused(int offset, byte[] value, string field)
    {
        VhdxImageBuilder image = Make().PatchBoth(FirstHeader, SecondHeader, offset, value);

        AssertRefused(image, ErrorCode.VhdxHeaderInvalid, field, SecondHeader + (offset > 72 ? 72 : offset));
    }

    [Theory]
    [InlineData(0, "Header Signature", 0)]
    [InlineData(4, "Header Checksum", 4)]
    [InlineData(100, "Header Checksum", 4)]
    public void Open_BothHeadersBad_Refused(int offset, string field, int fieldOffset)
    {
        VhdxImageBuilder image = Make();
        image.Bytes[FirstHeader + offset] ^= 1;
        image.Bytes[SecondHeader + offset] ^= 1;

        AssertRefused(image, ErrorCode.VhdxHeaderInvalid, field, FirstHeader + fieldOffset);
    }

    [Theory]
    [InlineData(FirstHeader, "VhdxHeaderCopy")]
    [InlineData(SecondHeader, "VhdxHeaderCopy")]
    [InlineData(FirstTable, "VhdxRegionTableCopy")]
    [InlineData(SecondTable, "VhdxRegionTableCopy")]
    public void Open_OneCopyBad_FindingAndRightContent(int offset, string ruleId)
    {
        VhdxImageBuilder image = Make();
        image.Bytes[offset + 20] ^= 1;

        using VirtualDisk disk = VirtualDiskFile.Open(Save(image));

        DiskFinding finding = Assert.Single(disk.Findings);
        Assert.Equal(ruleId, finding.RuleId);
        Assert.Equal(FindingSeverity.Warning, finding.Severity);
        Assert.Contains($"0x{offset + 4:X}", finding.Found, StringComparison.Ordinal);
        Assert.Equal(_content.Content, VhdxTestDisk.ReadAll(disk));
    }

    [Fact]
    public void Open_SameSequenceDifferentHeaders_Refused() => AssertRefused(
        Make().Patch(FirstHeader + 8, 7).Patch(FirstHeader + 16, 1), ErrorCode.VhdxHeaderInvalid, "SequenceNumber", SecondHeader + 8);

    [Fact]
    public void Open_SameSequenceSameHeaders_Accepted() => AssertRight(Make().Patch(FirstHeader + 8, 7));

    [Fact]
    public void Open_OtherHeaderHasOtherVersion_Accepted() => AssertRight(Make().Patch(FirstHeader + 66, 9));

    [Fact]
    public void Open_FirstHeaderNewer_ItsFieldsCount()
    {
        VhdxImageBuilder image = Make().Patch(FirstHeader + 8, 8).Patch(FirstHeader + 32, Guid.Empty.ToByteArray());

        using VirtualDisk disk = VirtualDiskFile.Open(Save(image));

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
        VhdxImageBuilder image = Make().PatchBoth(FirstTable, SecondTable, offset, value);

        DiskFormatException exception = Refusal(image);
        Assert.Equal(ErrorCode.VhdxRegionTableInvalid, exception.Code);
        Assert.Equal(field, exception.Field);
        Assert.Equal(FirstTable + fieldOffset, exception.FileOffset);
    }

    [Fact]
    public void Open_RegionTwice_Refused() => AssertRefused(
        Make().PatchBoth(FirstTable, SecondTable, 48, Make().Bytes[(FirstTable + 16)..(FirstTable + 32)]),
        ErrorCode.VhdxRegionTableInvalid, "Region Guid", FirstTable + 48);

    [Fact]
    public void Open_UnknownRegion_RequiredRefusedOptionalKept()
    {
        var id = new Guid("12345678-0000-0000-0000-000000000001");
        byte[] entry = [.. id.ToByteArray(), .. BitConverter.GetBytes(64L * MiB), .. BitConverter.GetBytes(MiB), 0, 0, 0, 0];
        AssertRight(Make().PatchBoth(FirstTable, SecondTable, 80, entry).PatchBoth(FirstTable, SecondTable, 8, 3));

        entry[28] = 1;
        DiskFormatException exception = Refusal(
            Make().PatchBoth(FirstTable, SecondTable, 80, entry).PatchBoth(FirstTable, SecondTable, 8, 3));
        Assert.Equal(ErrorCode.DiskFormatUnsupported, exception.Code);
        Assert.Contains(id.ToString(), exception.Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(0, new byte[] { 0 }, "Metadata table Signature", 0)]
    [InlineData(10, new byte[] { 0, 8 }, "Metadata table EntryCount", 10)]
    [InlineData(10, new byte[] { 4 }, "Metadata table", 0)] // no physical sector size
    [InlineData(48, new byte[] { 0, 0, 0 }, "Metadata Offset", 48)]
    [InlineData(51, new byte[] { 0xFF }, "Metadata Offset", 48)]
    [InlineData(48, new byte[] { 0, 0x10 }, "Metadata Offset", 80)] // the second item's place
    [InlineData(52, new byte[] { 0, 0, 0, 1 }, "Metadata Length", 52)]
    [InlineData(52, new byte[] { 0 }, "Metadata Length", 52)]
    [InlineData(52, new byte[] { 7 }, "Length of File Parameters", -1)]
    public void Open_MetadataTableWrong_Refused(int offset, byte[] value, string field, int fieldOffset) => AssertRefused(
        Make().Patch(Metadata + offset, value), ErrorCode.VhdxMetadataInvalid, field,
        fieldOffset < 0 ? Items : Metadata + fieldOffset);

    [Theory]
    [InlineData(0, new byte[] { 1 }, "BlockSize")]
    [InlineData(0, new byte[] { 0, 0, 8 }, "BlockSize")]
    [InlineData(0, new byte[] { 0, 0, 0, 0x20 }, "BlockSize")]
    [InlineData(0, new byte[] { 0, 0, 0x30 }, "BlockSize")]
    [InlineData(4, new byte[] { 4 }, "File Parameters flags")]
    [InlineData(4096, new byte[] { 1 }, "VirtualDiskSize")]
    [InlineData(4096, new byte[] { 0, 0, 0 }, "VirtualDiskSize")]
    [InlineData(4096, new byte[] { 0, 0, 0, 0, 0, 0x41 }, "VirtualDiskSize")]
    [InlineData(4103, new byte[] { 0xFF }, "VirtualDiskSize")]
    [InlineData(12288, new byte[] { 1 }, "LogicalSectorSize")]
    [InlineData(12288, new byte[] { 0, 4 }, "LogicalSectorSize")]
    [InlineData(16384, new byte[] { 0, 0x20 }, "PhysicalSectorSize")]
    public void Open_ItemWrong_Refused(int offset, byte[] value, string field) => AssertRefused(
        Make().Patch(Items + offset, value), ErrorCode.VhdxMetadataInvalid, field, Items + (offset == 4103 ? 4096 : offset));

    [Fact]
    public void Open_UnknownItem_RequiredRefusedOptionalKept()
    {
        var id = new Guid("12345678-0000-0000-0000-000000000002");
        byte[] entry = [.. id.ToByteArray(), .. BitConverter.GetBytes((64 << 10) + 40_000), 8, 0, 0, 0, 0, 0, 0, 0];
        AssertRight(Make().Patch(Metadata + 32 + 160, entry).Patch(Metadata + 10, 6));

        entry[24] = 4;
        DiskFormatException exception = Refusal(Make().Patch(Metadata + 32 + 160, entry).Patch(Metadata + 10, 6));
        Assert.Equal(ErrorCode.DiskFormatUnsupported, exception.Code);
        Assert.Contains(id.ToString(), exception.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Open_ItemTwice_Refused() => AssertRefused(
        Make().Patch(Metadata + 64, Make().Bytes[(Metadata + 32)..(Metadata + 48)]),
        ErrorCode.VhdxMetadataInvalid, "ItemId", Metadata + 64);

    [Fact]
    public void Open_HasParentWithoutLocator_Refused() => AssertRefused(
        Make().Patch(Items + 4, 2), ErrorCode.VhdxMetadataInvalid, "Metadata table", Metadata);

    [Fact]
    public void Open_BatTooShortForDisk_Refused() => AssertRefused(
        Make().Patch(Items + 4096, BitConverter.GetBytes(1L << 40)), ErrorCode.VhdxBatInvalid, "BAT region",
        VhdxImageBuilder.BatOffset);

    [Fact]
    public void Open_DirtyLogWithOtherVersion_Refused() => AssertRefused(
        Make().SetLogGuid(Guid.NewGuid()).PatchBoth(FirstHeader, SecondHeader, 64, 1), ErrorCode.VhdxLogInvalid, "LogVersion",
        SecondHeader + 64);

    [Fact]
    public void Open_EveryTruncation_RefusedOrRight()
    {
        byte[] whole = Make().ToArray();
        string path = _folder.File("cut.vhdx");
        using FileStream file = File.Create(path);
        file.Write(whole);
        file.Flush();
        file.Dispose();
        for (int length = whole.Length - 1; length >= 8; length = length > (1 << 19) ? length - 50_021 : length - 4001)
        {
            Cut(path, length);
            DiskFormatException exception = Assert.Throws<DiskFormatException>(() => VhdxTestDisk.ReadAll(path));
            Assert.True(
                exception.Code is ErrorCode.FileTruncated or ErrorCode.VhdxRegionTableInvalid or ErrorCode.VhdxBatInvalid,
                $"{length}: {exception.Message}");
        }
    }

    [Fact]
    public void Open_SignatureOnly_FileTruncated()
    {
        File.WriteAllBytes(_folder.File("cut.vhdx"), Encoding.ASCII.GetBytes("vhdxfile"));

        Assert.Equal(
            ErrorCode.FileTruncated,
            Assert.Throws<DiskFormatException>(() => VirtualDiskFile.Open(_folder.File("cut.vhdx"))).Code);
    }

    private static void Cut(string path, long length)
    {
        using FileStream file = File.OpenWrite(path);
        file.SetLength(length);
    }

    private VhdxImageBuilder Make() => new VhdxImageBuilder(4 * MiB)
        .AddBlock(2, _content.Content.AsSpan(2 * MiB, MiB))
        .AddBlock(0, _content.Content.AsSpan(0, MiB));

    private string Save(VhdxImageBuilder image) => image.Save(_folder.File("disk.vhdx"));

    private void AssertRight(VhdxImageBuilder image) => Assert.Equal(_content.Content, VhdxTestDisk.ReadAll(Save(image)));

    private DiskFormatException Refusal(VhdxImageBuilder image)
    {
        string path = Save(image);
        DiskFormatException exception = Assert.Throws<DiskFormatException>(() => VirtualDiskFile.Open(path));
        Assert.Equal(path, exception.Target);
        Assert.Contains("expected", exception.Message, StringComparison.Ordinal);
        return exception;
    }

    private void AssertRefused(VhdxImageBuilder image, ErrorCode code, string field, long fileOffset)
    {
        DiskFormatException exception = Refusal(image);
        Assert.Equal((code, field, fileOffset), (exception.Code, exception.Field, exception.FileOffset));
    }
}
