using AzureVmRole.TestKit;
using Xunit;

namespace AzureVmRole.Disks.Tests.Vhdx;

public sealed class VhdxTruncationTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public void Read_CutAnywhere_Refused()
    {
        byte[] whole = SoundImage.Make().ToArray();
        string path = _folder.File("cut.vhdx");
        File.WriteAllBytes(path, whole);

        // Downwards, so that the file is only ever cut; more finely where the header section is.
        for (int length = whole.Length - 1; length >= 8; length -= length > (1 << 19) ? 50_021 : 4001)
        {
            Cut(path, length);
            DiskFormatException exception = Assert.Throws<DiskFormatException>(() => VhdxTestDisk.ReadAll(path));
            Assert.True(
                exception.Code is ErrorCode.FileTruncated or ErrorCode.VhdxRegionTableInvalid or ErrorCode.VhdxBatInvalid,
                $"{length}: {exception.Message}");
        }
    }

    [Fact]
    public void Open_SignatureOnly_FileTruncated()
    {
        File.WriteAllBytes(_folder.File("cut.vhdx"), "vhdxfile"u8);

        Assert.Equal(
            ErrorCode.FileTruncated,
            Assert.Throws<DiskFormatException>(() => VirtualDiskFile.Open(_folder.File("cut.vhdx"))).Code);
    }

    private static void Cut(string path, long length)
    {
        using FileStream file = File.OpenWrite(path);
        file.SetLength(length);
    }
}
