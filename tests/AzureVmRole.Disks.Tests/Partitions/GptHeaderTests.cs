using AzureVmRole.Disks.Partitions;
using FsCheck;
using FsCheck.Fluent;
using Xunit;

namespace AzureVmRole.Disks.Tests.Partitions;

public sealed class GptHeaderTests
{
    // A primary header of a 32 MiB disk, field by field as UEFI Specification 2.10, table 5-5, has them.
    private const string Golden =
        "4546492050415254" + // EFI PART
        "00000100" + // revision 1.0
        "5C000000" + // header size 92
        "00000000" + // checksum, filled in by the test
        "00000000" + // reserved
        "0100000000000000" + // my LBA 1
        "FFFF000000000000" + // alternate LBA 65535
        "2200000000000000" + // first usable LBA 34
        "DEFF000000000000" + // last usable LBA 65502
        "78563412BC9AF0DE0123456789ABCDEF" + // disk GUID
        "0200000000000000" + // entries LBA 2
        "80000000" + // 128 entries
        "80000000" + // of 128 bytes
        "EFBEADDE"; // entries checksum

    private static readonly GptHeader GoldenHeader = new(
        92, 0, 1, 65_535, 34, 65_502, new Guid("12345678-9ABC-DEF0-0123-456789ABCDEF"), 2, 128, 128, 0xDEADBEEF);

    [Fact]
    public void Parse_GoldenBytes_EveryField() => Assert.Equal(GoldenHeader, GptHeader.Parse(Convert.FromHexString(Golden)));

    [Fact]
    public void WriteTo_GoldenHeader_GoldenBytesAndChecksum()
    {
        byte[] sector = new byte[512];
        Convert.FromHexString(Golden).AsSpan(0, 12).CopyTo(sector);

        GoldenHeader.WriteTo(sector);

        uint checksum = Crc32.Compute(Convert.FromHexString(Golden));
        Assert.Equal(checksum, GptHeader.Parse(sector)?.Checksum);
        sector.AsSpan(16, 4).Clear();
        Assert.Equal(Golden, Convert.ToHexString(sector.AsSpan(0, GptHeader.Size)));
    }

    [Fact]
    public void Parse_EveryTruncation_IsNull()
    {
        byte[] bytes = Convert.FromHexString(Golden);
        for (int length = 0; length < bytes.Length; length++)
        {
            Assert.Null(GptHeader.Parse(bytes.AsSpan(0, length)));
        }
    }

    [Fact]
    public void WriteTo_AnyHeader_RoundTrips() => Prop.ForAll<long, long, uint>(
        (first, second, count) =>
        {
            var header = new GptHeader(92, 0, first, second, second, first, Guid.NewGuid(), first, count, count, count);
            byte[] sector = new byte[512];
            "EFI PART"u8.CopyTo(sector);
            header.WriteTo(sector);
            return GptHeader.Parse(sector) == header with { Checksum = GptHeader.ComputeChecksum(sector, 92) };
        }).QuickCheckThrowOnFailure();
}
