using System.Text;
using AzureVmRole.Disks.Partitions;
using Xunit;

namespace AzureVmRole.Disks.Tests.Partitions;

public sealed class GptEntryTests
{
    [Fact]
    public void Parse_GoldenBytes_EveryField()
    {
        byte[] bytes = new byte[GptEntry.Size];
        Convert.FromHexString(
            "28732AC11FF8D211BA4B00A0C93EC93B" + // EFI system
            "78563412BC9AF0DE0123456789ABCDEF" + // unique GUID
            "0008000000000000" + // first LBA 2048
            "FF47000000000000" + // last LBA 18431
            "0400000000000080").CopyTo(bytes, 0); // legacy bootable, no automount
        Encoding.Unicode.GetBytes("Ünï").CopyTo(bytes, 56);

        var entry = GptEntry.Parse(bytes);

        Assert.Equal(
            new GptEntry(
                PartitionTypes.EfiSystem, new Guid("12345678-9ABC-DEF0-0123-456789ABCDEF"), 2048, 18_431,
                0x8000000000000004, "Ünï"),
            entry);
        Assert.True(entry.IsLegacyBootable);
    }

    [Fact]
    public void Parse_NameOfFullLength_IsNotCut()
    {
        byte[] bytes = new byte[GptEntry.Size];
        string name = new('x', 36);
        Encoding.Unicode.GetBytes(name).CopyTo(bytes, 56);

        Assert.Equal(name, GptEntry.Parse(bytes).Name);
    }
}
