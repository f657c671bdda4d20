using AzureVmRole.Disks.Partitions;
using FsCheck;
using FsCheck.Fluent;
using Xunit;

namespace AzureVmRole.Disks.Tests.Partitions;

public sealed class MbrEntryTests
{
    [Fact]
    public void Parse_GoldenBytes_EveryField() => Assert.Equal(
        new MbrEntry(0x80, 0x07, 2048, 0x01000000),
        MbrEntry.Parse(Convert.FromHexString("80202100" + "07FEFFFF" + "00080000" + "00000001")));

    [Fact]
    public void WriteTo_AnyEntry_RoundTrips() => Prop.ForAll<byte, uint, uint>(
        (code, first, count) =>
        {
            var entry = new MbrEntry(0x80, code, first, count);
            byte[] bytes = new byte[MbrEntry.Size];
            entry.WriteTo(bytes);
            return MbrEntry.Parse(bytes) == entry;
        }).QuickCheckThrowOnFailure();
}
