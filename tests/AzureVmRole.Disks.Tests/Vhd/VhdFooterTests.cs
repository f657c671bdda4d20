using AzureVmRole.Disks.Vhd;
using AzureVmRole.TestKit;
using FsCheck;
using FsCheck.Fluent;
using Xunit;

namespace AzureVmRole.Disks.Tests.Vhd;

public sealed class VhdFooterTests
{
    // "Hard Disk Footer Format", field by field; a dynamic disk of 2 GiB.
    private const string Golden =
        "636F6E6563746978" + "00000002" + "00010000" + "0000000000000200" + "2A3B4C5D" + "77696E20" + "000A0000" + "5769326B"
        + "0000000080000000" + "0000000080000000" + "1041103F" + "00000003" + "FFFFEF1F" + "00112233445566778899AABBCCDDEEFF"
        + "00";

    private static readonly DateTime Created = new DateTime(2000, 1, 1, 0, 0, 0, DateTimeKind.Utc).AddSeconds(0x2A3B4C5D);

    private static byte[] GoldenBytes
    {
        get
        {
            byte[] bytes = new byte[VhdFooter.Size];
            Convert.FromHexString(Golden).CopyTo(bytes, 0);
            return bytes;
        }
    }

    [Fact]
    public void Parse_GoldenBytes_EveryField()
    {
        var footer = VhdFooter.Parse(GoldenBytes);

        Assert.Equal(2u, footer.Features);
        Assert.Equal(0x00010000u, footer.Version);
        Assert.Equal(512ul, footer.DataOffset);
        Assert.Equal(0x2A3B4C5Du, footer.TimeStamp);
        Assert.Equal("win ", footer.CreatorApplication);
        Assert.Equal(0x000A0000u, footer.CreatorVersion);
        Assert.Equal("Wi2k", footer.CreatorHostOs);
        Assert.Equal(2ul << 30, footer.OriginalSize);
        Assert.Equal(2ul << 30, footer.CurrentSize);
        Assert.Equal(new VhdGeometry(4161, 16, 63), footer.Geometry);
        Assert.Equal(3u, footer.DiskType);
        Assert.Equal(0xFFFFEF1Fu, footer.Checksum);
        Assert.Equal(new Guid("00112233-4455-6677-8899-AABBCCDDEEFF"), footer.UniqueId);
        Assert.Equal(0, footer.SavedState);
        Assert.Equal(427, footer.Reserved.Length);
    }

    [Fact]
    public void Create_DynamicDisk_GoldenBytes() => Assert.Equal(
        GoldenBytes,
        VhdFooter.Create(VhdType.Dynamic, 2L << 30, new Guid("00112233-4455-6677-8899-AABBCCDDEEFF"), Created).ToArray());

    [Fact]
    public void Create_FixedDisk_NoDataOffset()
    {
        byte[] bytes = VhdFooter.Create(VhdType.Fixed, 20 << 20, Guid.NewGuid(), Created).ToArray();

        Assert.Equal("FFFFFFFFFFFFFFFF", Convert.ToHexString(bytes, 16, 8));
        Assert.Equal("00000002", Convert.ToHexString(bytes, 60, 4));
    }

    [Fact]
    public void ToArray_AnyBytes_RoundTripsAllButCookieAndChecksum() => Prop.ForAll<int>(seed =>
    {
        byte[] bytes = new byte[VhdFooter.Size];
        new Random(seed).NextBytes(bytes);
        "conectix"u8.CopyTo(bytes);
        VhdImageBuilder.Seal(bytes, VhdFooter.ChecksumOffset);
        return VhdFooter.Parse(bytes).ToArray().AsSpan().SequenceEqual(bytes);
    }).QuickCheckThrowOnFailure();

    [Theory]
    [InlineData("1999-06-01", 0u)]
    [InlineData("2000-01-01", 0u)]
    [InlineData("2026-07-14T12:30:15.9", 837_347_415u)]
    [InlineData("2200-01-01", uint.MaxValue)]
    public void ToTimeStamp_AnyTime_WholeSecondsThatFit(string time, uint expected) => Assert.Equal(
        expected,
        VhdFormatConstants.ToTimeStamp(
            DateTime.Parse(time, null, System.Globalization.DateTimeStyles.AssumeUniversal | System.Globalization.DateTimeStyles.AdjustToUniversal)));

    [Fact]
    public void Parse_QemuFooter_FieldsAndChecksumAsQemuWritesThem()
    {
        var footer = VhdFooter.Parse(QemuForcedFooter);

        Assert.Equal("qem2", footer.CreatorApplication);
        Assert.Equal(20ul << 20, footer.CurrentSize);
        Assert.Equal(VhdGeometry.Largest, footer.Geometry);
        Assert.Equal(footer.Checksum, VhdChecksum.Compute(QemuForcedFooter, VhdFooter.ChecksumOffset));
        Assert.Equal(QemuForcedFooter, footer.ToArray());
    }

    /// <summary>What <c>qemu-img create -f vpc -o subformat=fixed,force_size … 20M</c> (7.2) wrote.</summary>
    private static byte[] QemuForcedFooter
    {
        get
        {
            byte[] bytes = new byte[VhdFooter.Size];
            Convert.FromHexString(
                "636F6E6563746978000000020001000" + "0FFFFFFFFFFFFFFFF3294D54E71656D32000500035769326B"
                + "00000000014000000000000001400000FFFF10FF00000002FFFFE5DCC306AB3DC7554B8F9DB713633F016B5B").CopyTo(bytes, 0);
            return bytes;
        }
    }
}
