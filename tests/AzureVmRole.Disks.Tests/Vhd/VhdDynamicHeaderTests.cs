using AzureVmRole.Disks.Vhd;
using AzureVmRole.TestKit;
using FsCheck;
using FsCheck.Fluent;
using Xunit;

namespace AzureVmRole.Disks.Tests.Vhd;

public sealed class VhdDynamicHeaderTests
{
    // "Dynamic Disk Header Format", field by field: 1024 blocks of 2 MiB, a parent "base.vhd" with one locator.
    private const string Golden =
        "6378737061727365" + "FFFFFFFFFFFFFFFF" + "0000000000000600" + "00010000" + "00000400" + "00200000" + "FFFFE6C5"
        + "FFEEDDCCBBAA99887766554433221100" + "2A3B4C5E" + "00000000" + "0062006100730065002E007600680064";

    private const string GoldenLocator = "57327275" + "00000200" + "00000014" + "00000000" + "0000000000001600";

    private static byte[] GoldenBytes
    {
        get
        {
            byte[] bytes = new byte[VhdDynamicHeader.Size];
            Convert.FromHexString(Golden).CopyTo(bytes, 0);
            Convert.FromHexString(GoldenLocator).CopyTo(bytes, 576);
            return bytes;
        }
    }

    [Fact]
    public void Parse_GoldenBytes_EveryField()
    {
        var header = VhdDynamicHeader.Parse(GoldenBytes);

        Assert.Equal(ulong.MaxValue, header.DataOffset);
        Assert.Equal(0x600ul, header.TableOffset);
        Assert.Equal(0x00010000u, header.Version);
        Assert.Equal(1024u, header.MaxTableEntries);
        Assert.Equal(0x200000u, header.BlockSize);
        Assert.Equal(0xFFFFE6C5u, header.Checksum);
        Assert.Equal(header.Checksum, VhdChecksum.Compute(GoldenBytes, VhdDynamicHeader.ChecksumOffset));
        Assert.Equal(new Guid("FFEEDDCC-BBAA-9988-7766-554433221100"), header.ParentUniqueId);
        Assert.Equal(0x2A3B4C5Eu, header.ParentTimeStamp);
        Assert.Equal("base.vhd", header.ParentName);
        Assert.Equal(new VhdParentLocator("W2ru", 512, 20, 0x1600), header.Locators[0]);
        Assert.All(header.Locators.Skip(1), locator => Assert.False(locator.IsUsed));
    }

    [Fact]
    public void WriteTo_FieldByField_GoldenBytes()
    {
        byte[] bytes = new byte[VhdDynamicHeader.Size];
        new VhdDynamicHeader
        {
            DataOffset = ulong.MaxValue,
            TableOffset = 0x600,
            Version = 0x00010000,
            MaxTableEntries = 1024,
            BlockSize = 0x200000,
            ParentUniqueId = new Guid("FFEEDDCC-BBAA-9988-7766-554433221100"),
            ParentTimeStamp = 0x2A3B4C5E,
            ParentName = "base.vhd",
            Locators = [new VhdParentLocator("W2ru", 512, 20, 0x1600)],
        }.WriteTo(bytes);

        Assert.Equal(GoldenBytes, bytes);
    }

    [Fact]
    public void WriteTo_ReservedBytesInTheFile_AreKept() => Prop.ForAll<int>(seed =>
    {
        var random = new Random(seed);
        byte[] bytes = GoldenBytes;
        random.NextBytes(bytes.AsSpan(60, 4));
        random.NextBytes(bytes.AsSpan(768, 256));
        VhdImageBuilder.Seal(bytes, VhdDynamicHeader.ChecksumOffset);
        byte[] written = new byte[VhdDynamicHeader.Size];
        VhdDynamicHeader.Parse(bytes).WriteTo(written);
        return written.AsSpan().SequenceEqual(bytes);
    }).QuickCheckThrowOnFailure();

    [Fact]
    public void WriteTo_LongestNames_LastUnitStaysZero()
    {
        byte[] bytes = new byte[VhdDynamicHeader.Size];
        (VhdDynamicHeader.Parse(GoldenBytes) with { ParentName = new string('n', 300) }).WriteTo(bytes);

        Assert.Equal(new string('n', 255), VhdDynamicHeader.Parse(bytes).ParentName);
        Assert.Equal("006E0000", Convert.ToHexString(bytes, 64 + 508, 4));
    }

    [Fact]
    public void Parse_HeaderByQemu_FieldsAsQemuWritesThem()
    {
        byte[] bytes = new byte[VhdDynamicHeader.Size];
        Convert.FromHexString("6378737061727365FFFFFFFFFFFFFFFF0000000000000600000100000000000B00200000FFFFF46C").CopyTo(bytes, 0);
        byte[] written = new byte[VhdDynamicHeader.Size];
        var header = VhdDynamicHeader.Parse(bytes);

        header.WriteTo(written);

        Assert.Equal(11u, header.MaxTableEntries);
        Assert.Equal("", header.ParentName);
        Assert.Equal(bytes, written);
    }
}
