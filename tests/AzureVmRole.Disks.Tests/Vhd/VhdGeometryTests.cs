using AzureVmRole.Disks.Vhd;
using AzureVmRole.TestKit;
using FsCheck;
using FsCheck.Fluent;
using Xunit;

namespace AzureVmRole.Disks.Tests.Vhd;

public sealed class VhdGeometryTests
{
    private const long MiB = 1 << 20;

    public static TheoryData<long, int, int, int> Known => new()
    {
        { 20 * MiB, 602, 4, 17 },
        { 504 * MiB, 1024, 16, 63 },
        { 2048 * MiB, 4161, 16, 63 },
        { 127 * 1024 * MiB, 65278, 16, 255 },
        { 2040L * 1024 * MiB, 65535, 16, 255 },
        { 65535L * 16 * 63 * 512, 16191, 16, 255 },
        { (65535L * 16 * 63 * 512) - 512, 65534, 16, 63 },
        { 65535L * 16 * 255 * 512, 65535, 16, 255 },
    };

    [Theory]
    [MemberData(nameof(Known))]
    public void FromSize_KnownSizes_KnownGeometry(long size, int cylinders, int heads, int sectors) => Assert.Equal(
        new VhdGeometry((ushort)cylinders, (byte)heads, (byte)sectors), VhdGeometry.FromSize(size));

    [Fact]
    public void FromSize_EveryWholeMebibyteUpTo64GiB_AsTheSpecificationComputes()
    {
        for (long size = MiB; size <= 65_536 * MiB; size += MiB)
        {
            AssertAsSpecified(size);
        }
    }

    [Fact]
    public void FromSize_AnySectorCount_AsTheSpecificationComputesAndNeverMoreThanTheDisk() => Prop.ForAll<int>(seed =>
    {
        var random = new Random(seed);
        long size = random.NextInt64(1, (2040L << 21) >> random.Next(24)) * 512;
        AssertAsSpecified(size);
        Assert.InRange(VhdGeometry.FromSize(size).SizeInBytes, 0, size);
    }).QuickCheckThrowOnFailure();

    [Theory(Timeout = 120_000)]
    [InlineData("1M")]
    [InlineData("30M")]
    [InlineData("504M")]
    [InlineData("1G")]
    [InlineData("4G")]
    [InlineData("31G")]
    [InlineData("127G")]
    public async Task FromSize_SizesThatQemuRoundsTo_GeometryThatQemuWrites(string size)
    {
        using var folder = new TemporaryFolder();
        string path = folder.File("disk.vhd");
        await QemuImg.RunAsync("create", "-q", "-f", "vpc", "-o", "subformat=dynamic", path, size);
        byte[] start = new byte[VhdFooter.Size];
        using (FileStream file = File.OpenRead(path))
        {
            file.ReadExactly(start);
        }

        var footer = VhdFooter.Parse(start);

        Assert.Equal(footer.Geometry, VhdGeometry.FromSize((long)footer.CurrentSize));
        Assert.Equal((long)footer.CurrentSize, footer.Geometry.SizeInBytes);
    }

    private static void AssertAsSpecified(long size)
    {
        (int cylinders, int heads, int sectors) = SpecificationGeometry.Of(size);
        Assert.Equal(new VhdGeometry((ushort)cylinders, (byte)heads, (byte)sectors), VhdGeometry.FromSize(size));
    }
}
