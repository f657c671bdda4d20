using System.Security.Cryptography;
using System.Text;
using AzureVmRole.Disks.Editing;
using AzureVmRole.TestKit;
using Xunit;

namespace AzureVmRole.Disks.Tests.Fuzzing;

public sealed class VhdFuzzTests : IDisposable
{
    private const int BlockSize = 4096;
    private const int Length = 24 * BlockSize;

    private readonly TemporaryFolder _folder = new();

    private static byte[] Data { get; } = new ReferenceDisk(Length).Fill(0, Length, 5).Content;

    public void Dispose() => _folder.Dispose();

    [Fact(Timeout = FuzzCases.Timeout)]
    public Task Fixed_Damaged_ErrorOrRightContent()
    {
        string path = new VhdImageBuilder(Length, VhdImageBuilder.Fixed).Write(0, Data).Save(_folder.File("disk.vhd"));
        var file = new FuzzFile(path, (Length, 512))
        {
            Mend = Seal,
            IsBigEndian = true,
            Payload = [(512, Length - 512, 512)],
        };
        return FuzzCases.RunAsync(new FuzzSeed([file], Data) { Oracle = VhdOracle.Read });
    }

    [Fact(Timeout = FuzzCases.Timeout)]
    public Task Dynamic_Damaged_ErrorOrRightContent() =>
        FuzzCases.RunAsync(new FuzzSeed([Dynamic(_folder.File("disk.vhd"))], Content(Data)) { Oracle = VhdOracle.Read });

    [Fact(Timeout = FuzzCases.Timeout)]
    public Task Differencing_Damaged_ErrorOrRightContent()
    {
        FuzzFile parent = Dynamic(_folder.File("base.vhd"));
        var image = new VhdImageBuilder(Length, VhdImageBuilder.Differencing, BlockSize)
        {
            Identifier = Guid.NewGuid(),
            ParentIdentifier = new VhdImageBuilder(Length, VhdImageBuilder.Fixed).Identifier,
            ParentStamp = VhdImageBuilder.Stamp(File.GetLastWriteTimeUtc(parent.Path)),
            ParentName = "base.vhd",
        };
        image.AddRelativeLocator(@".\base.vhd").AddLocator("W2ku", Encoding.Unicode.GetBytes(parent.Path));
        byte[] content = Content(Data);
        foreach (int offset in (int[])[512, BlockSize * 2, (BlockSize * 5) + 1024])
        {
            image.Write(offset, Data.AsSpan(0, 1536));
            Data.AsSpan(0, 1536).CopyTo(content.AsSpan(offset));
        }

        string path = image.Save(_folder.File("disk.vhd"));
        var file = new FuzzFile(
            path, (0, 1536), (576, 192), (1088, 48), (VhdImageBuilder.TableOffset, 96), (VhdImageBuilder.TableOffset + 512, 1024),
            (image.BlockOffset(0), 2), ((int)new FileInfo(path).Length - 512, 512))
        {
            Mend = Seal,
            IsBigEndian = true,
        };
        return FuzzCases.RunAsync(new FuzzSeed([file, parent], content) { Oracle = VhdOracle.Read });
    }

    [Fact(Timeout = FuzzCases.Timeout)]
    public Task WithJournal_Damaged_ErrorOrReadToTheEnd()
    {
        FuzzFile disk = Dynamic(_folder.File("disk.vhd"));
        var edit = new DiskEdit { FinalLength = disk.Bytes.Length };
        edit.Add(0, disk.Bytes[..1536]);
        edit.Add(disk.Bytes.Length - 512, disk.Bytes[^512..]);
        EditJournal.Save(disk.Path, edit, new VhdImageBuilder(Length, VhdImageBuilder.Fixed).Identifier);
        var journal = new FuzzFile(disk.Path + EditJournal.Suffix, (0, 56), (56, 1536), (1592, 12))
        {
            Mend = file => file.Set(file.Bytes.Length - 32, SHA256.HashData(file.Bytes.AsSpan(0, file.Bytes.Length - 32))),
        };
        return FuzzCases.RunAsync(new FuzzSeed([disk, journal, journal, journal], Content(Data)));
    }

    /// <summary>What <see cref="Dynamic"/> shows: some blocks, not in order.</summary>
    private static byte[] Content(byte[] data)
    {
        byte[] content = new byte[Length];
        foreach (int block in (int[])[3, 0, 7, 23])
        {
            data.AsSpan(block * BlockSize, BlockSize).CopyTo(content.AsSpan(block * BlockSize));
        }

        return content;
    }

    private static FuzzFile Dynamic(string path)
    {
        var image = new VhdImageBuilder(Length, VhdImageBuilder.Dynamic, BlockSize);
        foreach (int block in (int[])[3, 0, 7, 23])
        {
            image.Write(block * BlockSize, Data.AsSpan(block * BlockSize, BlockSize));
        }

        image.Save(path);
        return new FuzzFile(
            path, (0, 512), (512, 64), (512, 1024), (VhdImageBuilder.TableOffset, 96), (image.BlockOffset(3), 2),
            ((int)new FileInfo(path).Length - 512, 96))
        {
            Mend = Seal,
            IsBigEndian = true,
            Payload = [.. ((int[])[3, 0, 7]).Select(block => (image.BlockOffset(block) + 512, BlockSize, block * BlockSize))],
        };
    }

    private static void Seal(FuzzFile file)
    {
        Seal(file, file.Bytes.Length - 512, 512, 64);
        if (file.Bytes.AsSpan().StartsWith("conectix"u8))
        {
            Seal(file, 0, 512, 64);
            Seal(file, 512, 1024, 36);
        }
    }

    private static void Seal(FuzzFile file, int offset, int length, int checksum)
    {
        if (!file.Bytes.AsSpan(offset, length).SequenceEqual(file.Sound.Slice(offset, length)))
        {
            byte[] record = file.Bytes[offset..(offset + length)];
            VhdImageBuilder.Seal(record, checksum);
            file.Set(offset, record);
        }
    }
}
