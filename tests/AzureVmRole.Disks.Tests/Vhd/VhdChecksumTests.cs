using AzureVmRole.Disks.Vhd;
using FsCheck;
using FsCheck.Fluent;
using Xunit;

namespace AzureVmRole.Disks.Tests.Vhd;

public sealed class VhdChecksumTests
{
    [Fact]
    public void Compute_KnownBytes_OnesComplementOfTheSum() =>
        Assert.Equal(~(1u + 2 + 255 + 7), VhdChecksum.Compute([1, 2, 255, 9, 9, 9, 9, 7], 3));

    [Fact]
    public void Write_AnyRecord_ComputeGivesItBackWhateverTheFieldHeld() => Prop.ForAll<byte[], uint>((bytes, before) =>
    {
        byte[] record = [.. bytes, 0, 0, 0, 0, .. bytes];
        uint expected = VhdChecksum.Compute(record, bytes.Length);
        VhdBytes.UInt32(before).CopyTo(record, bytes.Length);
        VhdChecksum.Write(record, bytes.Length);
        Assert.Equal(VhdBytes.UInt32(expected), record.AsSpan(bytes.Length, 4).ToArray());
        Assert.Equal(expected, VhdChecksum.Compute(record, bytes.Length));
    }).QuickCheckThrowOnFailure();
}
