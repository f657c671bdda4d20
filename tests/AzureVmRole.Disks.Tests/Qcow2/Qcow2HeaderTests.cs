using AzureVmRole.Disks.Qcow2;
using Xunit;

namespace AzureVmRole.Disks.Tests.Qcow2;

public sealed class Qcow2HeaderTests
{
    // Version 3, field by field as the specification has them.
    private const string Golden =
        "514649FB" + // magic
        "00000003" + // version
        "0000000000000128" + // backing_file_offset
        "0000000A" + // backing_file_size
        "00000010" + // cluster_bits
        "0000000040000000" + // size
        "00000000" + // crypt_method
        "00000002" + // l1_size
        "0000000000030000" + // l1_table_offset
        "0000000000010000" + // refcount_table_offset
        "00000001" + // refcount_table_clusters
        "00000005" + // nb_snapshots
        "0000000000090000" + // snapshots_offset
        "0000000000000011" + // incompatible_features: dirty, extended L2
        "0000000000000001" + // compatible_features
        "0000000000000002" + // autoclear_features
        "00000004" + // refcount_order
        "00000070" + // header_length
        "0100000000000000"; // compression_type, padding

    private static readonly Qcow2Header Expected = new()
    {
        Version = 3,
        BackingFileOffset = 0x128,
        BackingFileSize = 10,
        ClusterBits = 16,
        DiskSize = 1 << 30,
        L1Size = 2,
        L1TableOffset = 0x30000,
        RefcountTableOffset = 0x10000,
        SnapshotCount = 5,
        IncompatibleFeatures = 0x11,
        RefcountOrder = 4,
        HeaderLength = 112,
        CompressionType = 1,
    };

    [Fact]
    public void Parse_GoldenBytes_EveryField() =>
        Assert.Equal(Expected, Qcow2Header.Parse(Convert.FromHexString(Golden)));

    [Fact]
    public void Parse_Version2_FieldsOfVersion3AreAbsent()
    {
        byte[] bytes = Convert.FromHexString(Golden);
        bytes[7] = 2;

        Assert.Equal(
            Expected with { Version = 2, IncompatibleFeatures = 0, HeaderLength = 72, CompressionType = 0 },
            Qcow2Header.Parse(bytes));
    }

    [Fact]
    public void Parse_HeaderOf104Bytes_NoCompressionType()
    {
        byte[] bytes = Convert.FromHexString(Golden);
        bytes[103] = 104;

        Assert.Equal(0, Qcow2Header.Parse(bytes).CompressionType);
    }

    [Fact]
    public void Layout_ExtendedEntries_HalfAsMany()
    {
        Qcow2Layout layout = Expected.Layout;

        Assert.Equal(4096, layout.L2EntryCount);
        Assert.Equal(2048, layout.UnitSize);
        Assert.Equal(256L << 20, layout.TableSpan);
    }
}
