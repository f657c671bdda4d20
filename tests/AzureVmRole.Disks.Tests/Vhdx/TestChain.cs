using AzureVmRole.TestKit;

namespace AzureVmRole.Disks.Tests.Vhdx;

/// <summary>A folder with a base disk and its children, made by the independent builder.</summary>
internal sealed class TestChain : IDisposable
{
    public const uint HasParent = 2;
    public const int DiskLength = 4 * MiB;

    private const int MiB = VhdxImageBuilder.MiB;

    private readonly TemporaryFolder _folder = new();

    public string Folder => _folder.Path;

    public static VhdxImageBuilder Child(long length, string relativePath, int sectorSize = 512) => new(
        length, sectorSize: sectorSize, fileFlags: HasParent,
        parentLocator: VhdxParentLocatorBuilder.ForParent(VhdxImageBuilder.DataWriteGuid, relativePath));

    public void Dispose() => _folder.Dispose();

    public string File(string name) => _folder.File(name);

    public void SaveBase(ReferenceDisk content, int sectorSize)
    {
        var image = new VhdxImageBuilder(DiskLength, sectorSize: sectorSize);
        for (int block = 0; block < DiskLength / MiB; block++)
        {
            image.AddBlock(block, content.Content.AsSpan(block * MiB, MiB));
        }

        image.Save(_folder.File("base.vhdx"));
    }
}
