using System.Text;
using AzureVmRole.Disks.Vhdx;
using FsCheck;
using FsCheck.Fluent;
using Xunit;

namespace AzureVmRole.Disks.Tests.Vhdx;

/// <summary>Golden bytes, round trips and truncations of the smaller records.</summary>
public sealed class VhdxRecordTests
{
    private const string Path = "disk";

    [Fact]
    public void BatEntry_Golden_StateAndOffset()
    {
        var entry = VhdxBatEntry.Parse(Convert.FromHexString("0600704B00000000"));

        Assert.Equal(VhdxPayloadState.FullyPresent, entry.PayloadState);
        Assert.Equal(0x4B7, entry.FileOffsetInMiB);
        Assert.Equal(0x4B7L << 20, entry.FileOffset);
        Assert.False(entry.HasReservedBits);
        Assert.Equal(entry, new VhdxBatEntry(6, 0x4B7L << 20));
    }

    [Fact]
    public void BatEntry_Any_RoundTrip() => Prop.ForAll<ulong>(raw =>
    {
        byte[] bytes = new byte[VhdxBatEntry.Size];
        new VhdxBatEntry(raw).WriteTo(bytes);
        return VhdxBatEntry.Parse(bytes).Raw == raw;
    }).QuickCheckThrowOnFailure();

    [Fact]
    public void RegionEntry_Golden_EveryField()
    {
        byte[] bytes = Convert.FromHexString(
            "6677C22D23F600429D64115E9BFD4A08" + "0000300000000000" + "00001000" + "01000000");

        var entry = VhdxRegionEntry.Parse(bytes, Path, 0);

        Assert.Equal(new VhdxRegionEntry(VhdxFormat.BatRegion, 3 << 20, 1 << 20, 1), entry);
        byte[] written = new byte[VhdxRegionEntry.Size];
        entry.WriteTo(written);
        Assert.Equal(bytes, written);
        AssertTruncations(VhdxRegionEntry.Size, source => VhdxRegionEntry.Parse(source, Path, 0));
    }

    [Fact]
    public void MetadataEntry_Golden_EveryField()
    {
        byte[] bytes = Convert.FromHexString(
            "3767A1CA36FA434DB3B633F0AA44E76B" + "00000100" + "08000000" + "04000000" + "00000000");

        var entry = VhdxMetadataEntry.Parse(bytes, Path, 0);

        Assert.Equal(
            new VhdxMetadataEntry(VhdxMetadataItem.FileParameters, 64 << 10, 8, VhdxMetadataEntry.IsRequiredFlag), entry);
        byte[] written = new byte[VhdxMetadataEntry.Size];
        entry.WriteTo(written);
        Assert.Equal(bytes, written);
        AssertTruncations(VhdxMetadataEntry.Size, source => VhdxMetadataEntry.Parse(source, Path, 0));
    }

    [Fact]
    public void RegionTable_Written_ParsesToSameEntries()
    {
        VhdxRegionEntry[] entries =
        [
            new(VhdxFormat.BatRegion, 3 << 20, 1 << 20, 1), new(VhdxFormat.MetadataRegion, 2 << 20, 1 << 20, 1),
        ];
        byte[] bytes = new byte[VhdxRegionTable.Size];
        new VhdxRegionTable(entries, 0).WriteTo(bytes);

        Assert.Equal(entries, VhdxRegionTable.Parse(bytes, Path, 0).Entries);
        AssertTruncations(VhdxRegionTable.Size, source => VhdxRegionTable.Parse(source, Path, 0), step: 997);
    }

    [Fact]
    public void MetadataTable_Written_ParsesToSameEntries()
    {
        VhdxMetadataEntry[] entries = [new(VhdxMetadataItem.VirtualDiskId, 70_000, 16, 6), new(Guid.NewGuid(), 0, 0, 1)];
        byte[] bytes = new byte[VhdxMetadataTable.Size];
        new VhdxMetadataTable(entries, 0).WriteTo(bytes);

        var table = VhdxMetadataTable.Parse(bytes, Path, 0);

        table.Validate(Path, 1 << 20);
        Assert.Equal(entries, table.Entries);
        AssertTruncations(VhdxMetadataTable.Size, source => VhdxMetadataTable.Parse(source, Path, 0), step: 997);
    }

    [Fact]
    public void FileIdentifier_Golden_CreatorUpToNul()
    {
        byte[] bytes = new byte[VhdxFileIdentifier.Size];
        "vhdxfile"u8.CopyTo(bytes);
        Encoding.Unicode.GetBytes("QEMU v7.2\0rubbish").CopyTo(bytes, 8);

        Assert.Equal("QEMU v7.2", VhdxFileIdentifier.Parse(bytes, Path, 0).Creator);
        AssertTruncations(VhdxFileIdentifier.Size, source => VhdxFileIdentifier.Parse(source, Path, 0));
    }

    [Fact]
    public void FileIdentifier_ControlCharacters_CannotReachTerminal()
    {
        byte[] bytes = new byte[VhdxFileIdentifier.Size];
        new VhdxFileIdentifier("a\u001b[31mb\nc").WriteTo(bytes);

        Assert.Equal("a?[31mb?c", VhdxFileIdentifier.Parse(bytes, Path, 0).Creator);
    }

    [Fact]
    public void FileIdentifier_CreatorFillsField_RoundTrip()
    {
        var identifier = new VhdxFileIdentifier(new string('x', 256));
        byte[] bytes = new byte[VhdxFileIdentifier.Size];
        identifier.WriteTo(bytes);

        Assert.Equal(identifier, VhdxFileIdentifier.Parse(bytes, Path, 0));
    }

    private static void AssertTruncations(int size, Func<byte[], object> parse, int step = 1)
    {
        for (int length = 0; length < size; length += step)
        {
            DiskFormatException exception = Assert.Throws<DiskFormatException>(() => parse(new byte[length]));
            Assert.Equal(ErrorCode.FileTruncated, exception.Code);
        }
    }
}
