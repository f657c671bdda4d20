using AzureVmRole.TestKit;
using Xunit;

namespace AzureVmRole.Disks.Tests.Qcow2;

public sealed class Qcow2RefusedTests
{
    [Fact(Timeout = 60_000)]
    public async Task Open_Zstd_RefusedByName()
    {
        using var images = new Qcow2Images();
        string path = await images.ConvertAsync(
            "disk.qcow2", Qcow2Images.MakeContent(), "compression_type=zstd", compress: true);

        AssertRefused(path, "zstd compression");
    }

    [Theory(Timeout = 60_000)]
    [InlineData("aes", "AES encryption")]
    [InlineData("luks", "LUKS encryption")]
    public async Task Open_Encrypted_RefusedByName(string format, string name)
    {
        using var images = new Qcow2Images();
        string path = images.File("disk.qcow2");
        await Qcow2Images.RunAsync(
            "qemu-img", "create", "-q", "--object", "secret,id=key,data=secret", "-f", "qcow2",
            "-o", $"encrypt.format={format},encrypt.key-secret=key", path, "1M");

        AssertRefused(path, name);
    }

    [Fact(Timeout = 60_000)]
    public async Task Open_ExternalDataFile_RefusedByName()
    {
        using var images = new Qcow2Images();
        string path = await images.CreateAsync("disk.qcow2", $"data_file={images.File("data.raw")}", 1 << 20);

        AssertRefused(path, "an external data file");
    }

    [Fact(Timeout = 60_000)]
    public async Task Open_UnknownFeature_RefusedByNumber()
    {
        using var images = new Qcow2Images();
        string path = await images.CreateAsync("disk.qcow2", "cluster_size=64k", 1 << 20);
        Qcow2Bytes.Write(path, 73, 0x10);

        AssertRefused(path, "incompatible feature 52");
    }

    [Fact(Timeout = 60_000)]
    public async Task Open_UnknownFeatureWithName_RefusedByThatName()
    {
        using var images = new Qcow2Images();
        string path = await images.CreateAsync("disk.qcow2", "cluster_size=64k", 1 << 20);
        byte[] start = await File.ReadAllBytesAsync(path, TestContext.Current.CancellationToken);
        int name = start.AsSpan(0, 65_536).IndexOf("corrupt bit"u8);
        Assert.True(name > 0);
        Qcow2Bytes.Write(path, name - 1, 52);
        Qcow2Bytes.Write(path, 73, 0x10);

        AssertRefused(path, "incompatible feature 52 (corrupt bit)");
    }

    [Theory]
    [InlineData(1)]
    [InlineData(4)]
    public void Open_OtherVersion_RefusedByNumber(byte version)
    {
        using var folder = new TemporaryFolder();
        string path = folder.File("disk.qcow2");
        byte[] bytes = new byte[4096];
        "QFI"u8.CopyTo(bytes);
        bytes[3] = 0xFB;
        bytes[7] = version;
        File.WriteAllBytes(path, bytes);

        AssertRefused(path, $"version {version}");
    }

    private static void AssertRefused(string path, string feature)
    {
        DiskFormatException exception = Assert.Throws<DiskFormatException>(() => VirtualDiskFile.Open(path).Dispose());
        Assert.Equal(ErrorCode.DiskFormatUnsupported, exception.Code);
        Assert.Contains(feature, exception.Message, StringComparison.Ordinal);
        Assert.NotNull(exception.RecommendedAction);
    }
}
