using AzureVmRole.TestKit;
using Xunit;

namespace AzureVmRole.Disks.Tests.Vhd;

/// <summary>Disks made by qemu-img, and bitmaps that qemu-img never writes.</summary>
public sealed class VhdReadTests : IDisposable
{
    private const int MiB = 1 << 20;

    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Theory(Timeout = 120_000)]
    [InlineData("subformat=dynamic", 9 * MiB, "qemu", VhdType.Dynamic)]
    [InlineData("subformat=dynamic,force_size=on", 9 * MiB, "qem2", VhdType.Dynamic)]
    [InlineData("subformat=dynamic,force_size=on", (9 * MiB) + 512, "qem2", VhdType.Dynamic)]
    [InlineData("subformat=fixed", 9 * MiB, "qemu", VhdType.Fixed)]
    [InlineData("subformat=fixed,force_size=on", 9 * MiB, "qem2", VhdType.Fixed)]
    [InlineData("subformat=fixed,force_size=on", (9 * MiB) + 1536, "qem2", VhdType.Fixed)]
    public async Task Open_ImageByQemu_BitExact(string options, int length, string creator, VhdType type)
    {
        ReferenceDisk content = MakeContent(length);
        content.SaveRaw(_folder.File("disk.raw"));
        string path = _folder.File("disk.vhd");
        await QemuImg.RunAsync("convert", "-f", "raw", "-O", "vpc", "-o", options, _folder.File("disk.raw"), path);

        using VirtualDisk disk = VirtualDiskFile.Open(path);

        Assert.Equal((VhdFormat.Vhd, type, creator), (disk.Format, disk.Type, disk.Creator));
        Assert.Empty(disk.Findings);
        byte[] expected = new byte[disk.LengthInBytes];
        content.Content.CopyTo(expected, 0);
        Assert.InRange(disk.LengthInBytes, length, length + MiB);
        DiskContent.Equal(expected, disk);
    }

    [Fact(Timeout = 60_000)]
    public async Task Open_QemuRoundsUpToGeometry_SizeOfTheFooter()
    {
        string path = _folder.File("disk.vhd");
        await QemuImg.RunAsync("create", "-q", "-f", "vpc", path, "1M");

        using VirtualDisk disk = VirtualDiskFile.Open(path);

        Assert.Equal(1_079_296, disk.LengthInBytes);
    }

    [Theory(Timeout = 60_000)]
    [InlineData("4G", 4_295_467_008)]
    [InlineData("127G", 136_365_219_840)]
    public async Task Open_LargeImageByQemu_SizeThatQemuTells(string size, long expected)
    {
        string path = _folder.File("disk.vhd");
        await QemuImg.RunAsync("create", "-q", "-f", "vpc", path, size);

        using VirtualDisk disk = VirtualDiskFile.Open(path);

        string told = await QemuImg.RunAsync("info", "-f", "vpc", path);
        Assert.Contains($"({disk.LengthInBytes} bytes)", told, StringComparison.Ordinal);
        Assert.Equal(expected, disk.LengthInBytes);
    }

    [Theory]
    [InlineData("qemu")]
    [InlineData("vpc ")]
    [InlineData("vs  ")]
    [InlineData("vbox")]
    [InlineData("dutl")]
    [InlineData("wa\0\0")]
    [InlineData("xyz!")]
    [InlineData("win ")]
    [InlineData("qem2")]
    [InlineData("d2v ")]
    [InlineData("tap\0")]
    [InlineData("CTXS")]
    public void Open_AnyCreator_CurrentSizeNotGeometry(string creator)
    {
        // 1 MiB has the geometry 30/4/17: 2,040 of 2,048 sectors; the last eight are what others cut off.
        ReferenceDisk content = new ReferenceDisk(MiB).Fill(MiB - 4096, 4096, 3);
        VhdImageBuilder image = new(MiB, VhdImageBuilder.Dynamic, 65_536) { Creator = creator };
        image.Write(MiB - 4096, content.Content.AsSpan(^4096));

        DiskContent.Equal(content.Content, image.Save(_folder.File("disk.vhd")));
    }

    [Theory]
    [InlineData(4096)]
    [InlineData(65_536)]
    [InlineData(512 << 10)]
    [InlineData(2 * MiB)]
    public void Open_DataWhoseBitIsClear_ReadsAsZeros(int blockSize)
    {
        ReferenceDisk content = new ReferenceDisk(3 * MiB).Fill(512, 512, 1).Fill(65_536 - 512, 1024, 2).Fill((3 * MiB) - 1536, 512, 3);
        var image = new VhdImageBuilder(3 * MiB, VhdImageBuilder.Dynamic, blockSize);
        image.Write(512, content.Content.AsSpan(512, 512));
        image.Write(65_536 - 512, content.Content.AsSpan(65_536 - 512, 1024));
        image.Write((3 * MiB) - 1536, content.Content.AsSpan((3 * MiB) - 1536, 512));
        byte[] junk = new byte[512];
        junk.AsSpan().Fill(0xEE);
        image.WriteUnmarked(0, junk).WriteUnmarked(1024, junk).WriteUnmarked((3 * MiB) - 512, junk);

        DiskContent.Equal(content.Content, image.Save(_folder.File("disk.vhd")));
    }

    [Fact]
    public void Open_LastBlockEndsWhereTheDiskDoes_Read()
    {
        const int Length = (2 * 65_536) + 1024;
        ReferenceDisk content = new ReferenceDisk(Length).Fill(0, 512, 1).Fill(2 * 65_536, 1024, 2);
        var image = new VhdImageBuilder(Length, VhdImageBuilder.Dynamic, 65_536);
        image.Write(0, content.Content.AsSpan(0, 512)).Write(2 * 65_536, content.Content.AsSpan(2 * 65_536, 1024));
        byte[] bytes = image.ToArray();
        string path = _folder.File("disk.vhd");
        File.WriteAllBytes(path, [.. bytes[..(bytes.Length - 512 - 65_536 + 1024)], .. bytes[^512..]]);

        DiskContent.Equal(content.Content, path);
    }

    [Fact]
    public void IsAligned_FirstDataOffAPage_False()
    {
        var odd = new VhdImageBuilder(MiB, VhdImageBuilder.Dynamic, 65_536);
        odd.Write(0, new byte[512]);
        using VirtualDisk disk = VirtualDiskFile.Open(odd.Save(_folder.File("odd.vhd")));
        using VirtualDisk empty = VirtualDiskFile.Open(
            new VhdImageBuilder(MiB, VhdImageBuilder.Dynamic, 65_536).Save(_folder.File("empty.vhd")));

        Assert.False(disk.IsAligned);
        Assert.True(empty.IsAligned);
    }

    private static ReferenceDisk MakeContent(int length) => new ReferenceDisk(length)
        .Fill(0, 4096, 1)
        .Fill((2 * MiB) - 512, 1024, 2)
        .Fill(5 * MiB, MiB + 65_536, 3)
        .Fill(length - 70_144, 70_144, 4);
}
