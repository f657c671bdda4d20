using System.Buffers.Binary;
using AzureVmRole.Disks.Tests.Vhdx;
using AzureVmRole.TestKit;
using Xunit;

namespace AzureVmRole.Disks.Tests.Fuzzing;

public sealed class VhdxFuzzTests : IDisposable
{
    private const int MiB = VhdxImageBuilder.MiB;
    private const int Length = 6 * MiB;

    private static readonly (int Offset, int Length)[] Structures =
    [
        (0, 520), (VhdxImageBuilder.HeaderOffset, 80), (VhdxImageBuilder.SecondHeaderOffset, 80),
        (VhdxImageBuilder.RegionTableOffset, 80), (VhdxImageBuilder.SecondRegionTableOffset, 80),
        (VhdxImageBuilder.BatOffset, 64), (VhdxImageBuilder.BatOffset + (4096 * 8), 8),
        (VhdxImageBuilder.MetadataOffset, 224), (VhdxImageBuilder.ItemsOffset, 8), (VhdxImageBuilder.ItemsOffset + 4096, 8),
        (VhdxImageBuilder.ItemsOffset + 12288, 4), (VhdxImageBuilder.ItemsOffset + 20480, 160),
    ];

    private static readonly (int Offset, int Length)[] LogEntries =
        [(VhdxImageBuilder.LogOffset + (3 * 4096), 128), (VhdxImageBuilder.LogOffset + (5 * 4096), 128)];

    private readonly TemporaryFolder _folder = new();

    private static byte[] Block { get; } = new ReferenceDisk(MiB).Fill(0, MiB, 9).Content;

    public void Dispose() => _folder.Dispose();

    [Fact(Timeout = FuzzCases.Timeout)]
    public Task Dynamic_Damaged_ErrorOrReadToTheEnd()
    {
        var image = new VhdxImageBuilder(Length);
        image.AddBlock(0, Block).AddBlock(5, Block);
        FuzzFile file = Save(image, "disk.vhdx", Structures);
        file.Payload = [(VhdxImageBuilder.BlocksOffset, MiB, 0), (VhdxImageBuilder.BlocksOffset + MiB, MiB, 5 * MiB)];
        return FuzzCases.RunAsync(new FuzzSeed([file], Content(0, 5)));
    }

    [Fact(Timeout = FuzzCases.Timeout)]
    public Task Differencing_Damaged_ErrorOrReadToTheEnd()
    {
        var parent = new VhdxImageBuilder(Length);
        parent.AddBlock(0, Block).AddBlock(1, Block);
        FuzzFile parentFile = Save(parent, "base.vhdx", Structures);
        byte[] locator = VhdxParentLocatorBuilder.ForParent(VhdxImageBuilder.DataWriteGuid, @".\base.vhdx");
        byte[] bits = new byte[4096];
        bits.AsSpan().Fill(0x5A);
        var image = new VhdxImageBuilder(Length, fileFlags: 2, parentLocator: locator);
        image.AddBlock(0, Block, state: 7).AddBlock(3, Block).AddBitmap(0, bits);
        return FuzzCases.RunAsync(new FuzzSeed([Save(image, "disk.vhdx", Structures), parentFile], Content(0, 1, 3)));
    }

    [Fact(Timeout = FuzzCases.Timeout)]
    public Task DirtyLog_Damaged_ErrorOrReadToTheEnd()
    {
        var image = new VhdxImageBuilder(Length);
        image.AddBlock(0, Block).AddBlock(5, Block);
        var log = new VhdxLogBuilder(image);
        int next = log.Add(3, 5, 3, VhdxLogWrite.Bat((4UL << 20) | 6, (5UL << 20) | 6));
        log.Add(next, 6, 3, new VhdxLogWrite(VhdxImageBuilder.BatOffset, null, 8192), VhdxLogWrite.Bat((4UL << 20) | 6));
        return FuzzCases.RunAsync(new FuzzSeed([Save(image, "disk.vhdx", [.. Structures, .. LogEntries, .. LogEntries])], Content(0)));
    }

    private static byte[] Content(params int[] blocks)
    {
        byte[] content = new byte[Length];
        foreach (int block in blocks)
        {
            Block.CopyTo(content, block * MiB);
        }

        return content;
    }

    private FuzzFile Save(VhdxImageBuilder image, string name, (int Offset, int Length)[] structures) =>
        new(image.Save(_folder.File(name)), structures) { Mend = Seal };

    /// <summary>Mends the checksums of what was changed, and makes half of the changes in both copies of what is there twice.</summary>
    private static void Seal(FuzzFile file)
    {
        SealTwins(file, VhdxImageBuilder.HeaderOffset, VhdxImageBuilder.SecondHeaderOffset, 4096);
        SealTwins(file, VhdxImageBuilder.RegionTableOffset, VhdxImageBuilder.SecondRegionTableOffset, 64 << 10);
        foreach ((int entry, _) in LogEntries)
        {
            uint length = BinaryPrimitives.ReadUInt32LittleEndian(file.Bytes.AsSpan(entry + 8));
            Seal(file, entry, (int)Math.Clamp(length & ~7u, 8, 65536));
        }
    }

    private static void SealTwins(FuzzFile file, int first, int second, int length)
    {
        bool isFirstChanged = IsChanged(file, first, length);
        if (isFirstChanged != IsChanged(file, second, length) && file.Bytes[isFirstChanged ? first : second] % 2 == 0)
        {
            (int from, int to) = isFirstChanged ? (first, second) : (second, first);
            file.Set(to, file.Bytes.AsSpan(from, length));
        }

        Seal(file, first, length);
        Seal(file, second, length);
    }

    private static bool IsChanged(FuzzFile file, int offset, int length) =>
        !file.Bytes.AsSpan(offset, length).SequenceEqual(file.Sound.Slice(offset, length));

    private static void Seal(FuzzFile file, int offset, int length)
    {
        if (IsChanged(file, offset, length))
        {
            byte[] checksum = new byte[4];
            file.Set(offset + 4, checksum);
            BinaryPrimitives.WriteUInt32LittleEndian(checksum, ReferenceCrc32C.Compute(file.Bytes.AsSpan(offset, length)));
            file.Set(offset + 4, checksum);
        }
    }
}
