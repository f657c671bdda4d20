using AzureVmRole.Disks.Qcow2;
using FsCheck;
using FsCheck.Fluent;
using Xunit;

namespace AzureVmRole.Disks.Tests.Qcow2;

public sealed class Qcow2EntryTests
{
    [Theory]
    [InlineData("0000000000000000", Qcow2RunKind.Unallocated, 0)]
    [InlineData("0000000000000001", Qcow2RunKind.Zero, 0)]
    [InlineData("8000000000050001", Qcow2RunKind.Zero, 0x50000)]
    [InlineData("8000000000050000", Qcow2RunKind.Data, 0x50000)]
    [InlineData("00FFFFFFFFFF0000", Qcow2RunKind.Data, 0xFFFFFFFFFF0000)]
    internal void KindOf_StandardEntry(string bytes, Qcow2RunKind kind, long hostOffset)
    {
        var entry = Qcow2Entry.Parse(Convert.FromHexString(bytes), 0, new Qcow2Layout(16, hasExtendedEntries: false));

        Assert.Equal(kind, entry.KindOf(0, isExtended: false));
        Assert.Equal(hostOffset, entry.HostOffset);
    }

    [Fact]
    public void KindOf_ExtendedEntry_EachSubclusterOnItsOwn()
    {
        var entry = Qcow2Entry.Parse(
            Convert.FromHexString("80000000000500000000000480000001"), 0, new Qcow2Layout(16, hasExtendedEntries: true));

        Assert.Equal(Qcow2RunKind.Data, entry.KindOf(0, isExtended: true));
        Assert.Equal(Qcow2RunKind.Unallocated, entry.KindOf(1, isExtended: true));
        Assert.Equal(Qcow2RunKind.Zero, entry.KindOf(2, isExtended: true));
        Assert.Equal(Qcow2RunKind.Data, entry.KindOf(31, isExtended: true));
    }

    // 64 KiB clusters: the offset has 54 bits, the sector count what is left of 62.
    [Fact]
    public void CompressedData_OffsetAndSectors()
    {
        var entry = new Qcow2Entry(Qcow2Entry.CompressedFlag | (3UL << 54) | 0x50123, 0);

        Assert.Equal((0x50123L, (4 * 512) - 0x123), entry.CompressedData(16));
    }

    [Fact]
    public void CompressedData_AnyDescriptor_StaysWithinTwoClustersAndASector() => Prop.ForAll<ulong, byte>(
        (descriptor, bits) =>
        {
            int clusterBits = 9 + (bits % 13);
            (long offset, int length) = new Qcow2Entry(descriptor, 0).CompressedData(clusterBits);
            return offset >= 0 && length > 0 && length <= (2 << clusterBits) + 512;
        }).QuickCheckThrowOnFailure();
}
