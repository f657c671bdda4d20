using Xunit;

namespace AzureVmRole.Disks.Tests.Vhdx;

/// <summary>A sound image with one field of the metadata changed.</summary>
public sealed class VhdxMetadataReaderTests : IDisposable
{
    private const int Metadata = VhdxImageBuilder.MetadataOffset;
    private const int Items = VhdxImageBuilder.ItemsOffset;

    private readonly SoundImage _images = new();

    public void Dispose() => _images.Dispose();

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
    public void Open_MetadataTableWrong_Refused(int offset, byte[] value, string field, int fieldOffset) => _images.AssertRefused(
        SoundImage.Make().Patch(Metadata + offset, value), ErrorCode.VhdxMetadataInvalid, field,
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
    public void Open_ItemWrong_Refused(int offset, byte[] value, string field) => _images.AssertRefused(
        SoundImage.Make().Patch(Items + offset, value), ErrorCode.VhdxMetadataInvalid, field, Items + (offset == 4103 ? 4096 : offset));

    [Fact]
    public void Open_UnknownItem_RequiredRefusedOptionalKept()
    {
        var id = new Guid("12345678-0000-0000-0000-000000000002");
        byte[] entry = [.. id.ToByteArray(), .. BitConverter.GetBytes((64 << 10) + 40_000), 8, 0, 0, 0, 0, 0, 0, 0];
        _images.AssertRight(SoundImage.Make().Patch(Metadata + 32 + 160, entry).Patch(Metadata + 10, 6));

        entry[24] = 4;
        DiskFormatException exception = _images.Refusal(SoundImage.Make().Patch(Metadata + 32 + 160, entry).Patch(Metadata + 10, 6));
        Assert.Equal(ErrorCode.DiskFormatUnsupported, exception.Code);
        Assert.Contains(id.ToString(), exception.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Open_ItemTwice_Refused() => _images.AssertRefused(
        SoundImage.Make().Patch(Metadata + 64, SoundImage.Make().Bytes[(Metadata + 32)..(Metadata + 48)]),
        ErrorCode.VhdxMetadataInvalid, "ItemId", Metadata + 64);

    [Fact]
    public void Open_HasParentWithoutLocator_Refused() => _images.AssertRefused(
        SoundImage.Make().Patch(Items + 4, 2), ErrorCode.VhdxMetadataInvalid, "Metadata table", Metadata);

    [Fact]
    public void Open_BatTooShortForDisk_Refused() => _images.AssertRefused(
        SoundImage.Make().Patch(Items + 4096, BitConverter.GetBytes(1L << 40)), ErrorCode.VhdxBatInvalid, "BAT region",
        VhdxImageBuilder.BatOffset);
}
