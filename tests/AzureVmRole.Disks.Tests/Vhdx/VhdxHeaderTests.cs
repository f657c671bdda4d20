using AzureVmRole.Disks.Vhdx;
using FsCheck;
using FsCheck.Fluent;
using Xunit;

namespace AzureVmRole.Disks.Tests.Vhdx;

public sealed class VhdxHeaderTests
{
    private const long FileOffset = 0x10000;

    // The first 80 bytes, by the field table of [MS-VHDX] section 2.2.2; the other 4016 are zeros.
    private const string Golden =
        "68656164" + "F2E95C69" + "0700000000000000"
        + "0102030405060708090A0B0C0D0E0F10" + "1112131415161718191A1B1C1D1E1F20" + "00000000000000000000000000000000"
        + "0000" + "0100" + "00001000" + "0000100000000000";

    private static readonly VhdxHeader Sample = new(
        7,
        new Guid("04030201-0605-0807-090A-0B0C0D0E0F10"),
        new Guid("14131211-1615-1817-191A-1B1C1D1E1F20"),
        Guid.Empty, 0, 1, 1 << 20, 1 << 20);

    [Fact]
    public void WriteTo_Sample_GoldenBytes()
    {
        byte[] bytes = new byte[VhdxHeader.Size];
        Sample.WriteTo(bytes);

        byte[] expected = new byte[VhdxHeader.Size];
        Convert.FromHexString(Golden).CopyTo(expected, 0);
        Assert.Equal(expected, bytes);
    }

    [Fact]
    public void Parse_AnyHeader_RoundTrip() => Prop.ForAll<ulong, Guid, uint>((number, guid, length) =>
    {
        var header = new VhdxHeader(number, guid, Guid.NewGuid(), guid, (ushort)(length & 0xFF), 1, length, number ^ length);
        byte[] bytes = new byte[VhdxHeader.Size];
        header.WriteTo(bytes);
        VhdxHeader.ValidateChecksum(bytes, "disk", FileOffset);
        return VhdxHeader.Parse(bytes, "disk", FileOffset) == header;
    }).QuickCheckThrowOnFailure();

    [Fact]
    public void Parse_EveryTruncation_FileTruncated()
    {
        byte[] bytes = new byte[VhdxHeader.Size];
        Sample.WriteTo(bytes);
        for (int length = 0; length < bytes.Length; length++)
        {
            DiskFormatException exception = Assert.Throws<DiskFormatException>(
                () => VhdxHeader.Parse(bytes.AsSpan(0, length), "disk", FileOffset));
            Assert.Equal(ErrorCode.FileTruncated, exception.Code);
        }
    }

    [Fact]
    public void ValidateChecksum_AnyBitFlipped_NamesFieldAndBothValues()
    {
        byte[] bytes = new byte[VhdxHeader.Size];
        Sample.WriteTo(bytes);
        for (int offset = 0; offset < bytes.Length; offset++)
        {
            bytes[offset] ^= 0x04;
            DiskFormatException exception = Assert.Throws<DiskFormatException>(
                () => VhdxHeader.ValidateChecksum(bytes, "disk", FileOffset));
            Assert.Equal(FileOffset + 4, exception.FileOffset);
            bytes[offset] ^= 0x04;
        }
    }

    [Fact]
    public void Validate_FieldWrong_NamesItsOffset()
    {
        AssertInvalid(Sample with { Version = 2 }, "Version", 66);
        AssertInvalid(Sample with { LogLength = 4096 }, "LogLength", 68);
        AssertInvalid(Sample with { LogOffset = 0 }, "LogOffset", 72);
        AssertInvalid(Sample with { LogOffset = (1 << 20) + 1 }, "LogOffset", 72);
        AssertInvalid(Sample with { LogOffset = ulong.MaxValue << 20 }, "LogOffset", 72);
        AssertInvalid(Sample with { LogVersion = 1, LogGuid = Guid.NewGuid() }, "LogVersion", 64);
        (Sample with { LogVersion = 1 }).Validate("disk", FileOffset);
    }

    private static void AssertInvalid(VhdxHeader header, string field, int offset)
    {
        DiskFormatException exception = Assert.Throws<DiskFormatException>(() => header.Validate("disk", FileOffset));
        Assert.Equal(field, exception.Field);
        Assert.Equal(FileOffset + offset, exception.FileOffset);
    }
}
