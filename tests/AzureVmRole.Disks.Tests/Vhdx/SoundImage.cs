using AzureVmRole.TestKit;
using Xunit;

namespace AzureVmRole.Disks.Tests.Vhdx;

/// <summary>A sound image to be damaged, and what must come of it: refused by name and place, or read right.</summary>
internal sealed class SoundImage : IDisposable
{
    private const int MiB = VhdxImageBuilder.MiB;

    private readonly TemporaryFolder _folder = new();

    /// <summary>What the image holds.</summary>
    public static byte[] Content { get; } = new ReferenceDisk(4 * MiB).Fill(0, MiB, 1).Fill(2 * MiB, MiB, 2).Content;

    public static VhdxImageBuilder Make() => new VhdxImageBuilder(4 * MiB)
        .AddBlock(2, Content.AsSpan(2 * MiB, MiB))
        .AddBlock(0, Content.AsSpan(0, MiB));

    public string Path => _folder.File("disk.vhdx");

    public void Dispose() => _folder.Dispose();

    public string Save(VhdxImageBuilder image) => image.Save(Path);

    public void AssertRight(VhdxImageBuilder image) => Assert.Equal(Content, VhdxTestDisk.ReadAll(Save(image)));

    public DiskFormatException Refusal(VhdxImageBuilder image)
    {
        string path = Save(image);
        DiskFormatException exception = Assert.Throws<DiskFormatException>(() => VirtualDiskFile.Open(path));
        Assert.Equal(path, exception.Target);
        Assert.Contains("expected", exception.Message, StringComparison.Ordinal);
        return exception;
    }

    public void AssertRefused(VhdxImageBuilder image, ErrorCode code, string field, long fileOffset)
    {
        DiskFormatException exception = Refusal(image);
        Assert.Equal((code, field, fileOffset), (exception.Code, exception.Field, exception.FileOffset));
    }
}
