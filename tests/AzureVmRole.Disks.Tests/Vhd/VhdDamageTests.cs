using AzureVmRole.TestKit;
using FsCheck;
using FsCheck.Fluent;
using Xunit;

namespace AzureVmRole.Disks.Tests.Vhd;

/// <summary>Damaged disks: read from what is intact and told so, or refused by field and offset; never other bytes.</summary>
public sealed class VhdDamageTests : IDisposable
{
    private const int BlockSize = 4096;
    private const int Length = 16 * BlockSize;

    private readonly TemporaryFolder _folder = new();

    private static ReferenceDisk Content { get; } = new ReferenceDisk(Length).Fill(0, 1024, 1).Fill(5 * BlockSize, BlockSize, 2);

    private static byte[] DynamicImage => new VhdImageBuilder(Length, VhdImageBuilder.Dynamic, BlockSize)
        .Write(5 * BlockSize, Content.Content.AsSpan(5 * BlockSize, BlockSize)).Write(0, Content.Content.AsSpan(0, 1024)).ToArray();

    private static byte[] FixedImage => new VhdImageBuilder(Length, VhdImageBuilder.Fixed).Write(0, Content.Content).ToArray();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public void Open_HeadCopyDamaged_TailIsUsed()
    {
        byte[] noCookie = [.. DynamicImage];
        noCookie[0] ^= 1;
        ReadsWith(noCookie, "VhdFooterCopy");
        byte[] wrongSum = VhdBytes.SetCopy(DynamicImage, 24, VhdBytes.UInt32(1), seal: false);
        ReadsWith(wrongSum, "VhdFooterCopy");
        ReadsWith(VhdBytes.SetCopy(DynamicImage, 24, VhdBytes.UInt32(1)), "VhdFooterCopy");
    }

    [Fact]
    public void Open_TailMissingOrDamaged_HeadCopyIsUsed()
    {
        ReadsWith(DynamicImage[..^512], "VhdFooterTail");
        ReadsWith(VhdBytes.SetFooter(DynamicImage, 0, [0]), "VhdFooterTail");
        ReadsWith(VhdBytes.SetFooter(DynamicImage, 48, VhdBytes.UInt64(4096), seal: false), "VhdFooterChecksum");
    }

    [Fact]
    public void Open_FooterOf511Bytes_ReadWithFinding()
    {
        ReadsWith(DynamicImage[..^1], "VhdFooterShort");
        ReadsWith(FixedImage[..^1], "VhdFooterShort");
    }

    [Fact]
    public void Open_DynamicHeaderChecksumWrong_ReadWithFinding() =>
        ReadsWith(VhdBytes.SetHeader(DynamicImage, 36, VhdBytes.UInt32(1), seal: false), "VhdHeaderChecksum");

    [Fact]
    public void Open_FixedChecksumWrongRestConsistent_ReadWithFinding() =>
        ReadsWith(VhdBytes.SetFooter(FixedImage, 64, VhdBytes.UInt32(1), seal: false), "VhdFooterChecksum");

    [Theory]
    [InlineData(0ul)]
    [InlineData(Length - 512ul)]
    [InlineData(Length + 512ul)]
    [InlineData(1ul << 40)]
    [InlineData(0x8000_0000_0000_0000ul)]
    [InlineData(ulong.MaxValue)]
    public void Open_FixedCurrentSizeWrong_FileIsBelievedWithFinding(ulong size) =>
        ReadsWith(VhdBytes.SetFooter(FixedImage, 48, VhdBytes.UInt64(size)), "VhdCurrentSize");

    [Theory]
    [InlineData(48)]
    [InlineData(60)]
    [InlineData(12)]
    [InlineData(16)]
    public void Open_FixedChecksumAndAnotherFieldWrong_ChecksumMismatch(int field)
    {
        DiskFormatException exception = Fails(VhdBytes.SetFooter(FixedImage, field, VhdBytes.UInt32(7), seal: false));

        Assert.Equal(ErrorCode.VhdFooterChecksumMismatch, exception.Code);
        Assert.Equal(("Checksum", Length + 64), (exception.Field, exception.FileOffset));
    }

    public static TheoryData<int, ulong, int, string> FooterFields => new()
    {
        { 12, 0, 4, "File Format Version" },
        { 12, 0x00020000, 4, "File Format Version" },
        { 60, 0, 4, "Disk Type" },
        { 60, 1, 4, "Disk Type" },
        { 60, 5, 4, "Disk Type" },
        { 60, 0xFFFFFFFF, 4, "Disk Type" },
        { 48, 0, 8, "Current Size" },
        { 48, Length + 1, 8, "Current Size" },
        { 48, (2040ul << 30) + 512, 8, "Current Size" },
        { 48, ulong.MaxValue, 8, "Current Size" },
        { 48, 1ul << 40, 8, "Max Table Entries" },
        { 16, 0, 8, "Data Offset" },
        { 16, 511, 8, "Data Offset" },
        { 16, 1ul << 40, 8, "Data Offset" },
        { 16, ulong.MaxValue, 8, "Data Offset" },
        { 16, 4096, 8, "Cookie" },
    };

    [Theory]
    [MemberData(nameof(FooterFields))]
    public void Open_OneFooterFieldWrong_NamesIt(int field, ulong value, int size, string name)
    {
        byte[] bytes = size == 4 ? VhdBytes.UInt32((uint)value) : VhdBytes.UInt64(value);

        DiskFormatException exception = Fails(VhdBytes.SetBoth(DynamicImage, field, bytes));

        Assert.Equal(name, exception.Field);
        Assert.Contains($"0x{exception.FileOffset:X}", exception.Message, StringComparison.Ordinal);
    }

    public static TheoryData<int, ulong, int, string> HeaderFields => new()
    {
        { 0, 0, 8, "Cookie" },
        { 24, 0, 4, "Header Version" },
        { 24, 0x00010001, 4, "Header Version" },
        { 28, 0, 4, "Max Table Entries" },
        { 28, 15, 4, "Max Table Entries" },
        { 32, 0, 4, "Block Size" },
        { 32, 512, 4, "Block Size" },
        { 32, 3 << 20, 4, "Block Size" },
        { 32, 1u << 29, 4, "Block Size" },
        { 32, uint.MaxValue, 4, "Block Size" },
        { 16, 0, 8, "Table Offset" },
        { 16, 511, 8, "Table Offset" },
        { 16, 1000, 8, "Table Offset" },
        { 16, 1ul << 40, 8, "Table Offset" },
        { 16, long.MaxValue, 8, "Table Offset" },
        { 16, ulong.MaxValue, 8, "Table Offset" },
    };

    [Theory]
    [MemberData(nameof(HeaderFields))]
    public void Open_OneHeaderFieldWrong_NamesItAndItsOffset(int field, ulong value, int size, string name)
    {
        byte[] bytes = size == 4 ? VhdBytes.UInt32((uint)value) : VhdBytes.UInt64(value);

        DiskFormatException exception = Fails(VhdBytes.SetHeader(DynamicImage, field, bytes));

        Assert.Equal(ErrorCode.VhdHeaderInvalid, exception.Code);
        Assert.Equal((name, VhdImageBuilder.HeaderOffset + field), (exception.Field, exception.FileOffset));
        Assert.NotNull(exception.RecommendedAction);
    }

    [Theory]
    [InlineData(8)]
    [InlineData(24)]
    [InlineData(28)]
    [InlineData(32)]
    [InlineData(36)]
    [InlineData(40)]
    [InlineData(56)]
    [InlineData(68)]
    [InlineData(84)]
    [InlineData(300)]
    public void Open_FooterFieldThatReadingDoesNotNeed_SameContent(int field)
    {
        byte[] image = VhdBytes.SetBoth(DynamicImage, field, VhdBytes.UInt32(0xA5A5A5A5));

        using VirtualDisk disk = VirtualDiskFile.Open(Save(image));

        DiskContent.Equal(Content.Content, disk);
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public void Open_EveryTruncation_SameContentOrError(bool isDynamic)
    {
        byte[] image = isDynamic ? DynamicImage : FixedImage;
        for (int length = 0; length < image.Length; length += length % 512 == 0 ? 511 : 1)
        {
            string path = Save(image[..length]);
            try
            {
                using VirtualDisk disk = VirtualDiskFile.Open(path);
                Assert.NotEmpty(disk.Findings);
                Assert.Equal(Content.Content, DiskContent.Read(disk));
            }
            catch (DiskFormatException exception)
            {
                Assert.NotEmpty(exception.Field);
                Assert.InRange(exception.FileOffset, 0, image.Length);
            }
        }
    }

    [Fact]
    public void Open_AnyByteOfTheHeadersChanged_SameContentOrFindingOrError() => Prop.ForAll<int>(seed =>
    {
        var random = new Random(seed);
        byte[] image = DynamicImage;
        int offset = random.Next(3) == 0 ? image.Length - 1 - random.Next(512) : random.Next(VhdImageBuilder.TableOffset);
        image[offset] ^= (byte)random.Next(1, 256);
        string path = Save(image);
        try
        {
            using VirtualDisk disk = VirtualDiskFile.Open(path);
            Assert.NotEmpty(disk.Findings);
            Assert.True(IsHeaderTableOffset(offset) || DiskContent.Read(disk).AsSpan().SequenceEqual(Content.Content), $"byte {offset}");
        }
        catch (DiskFormatException exception)
        {
            Assert.NotEmpty(exception.Field);
        }
    }).QuickCheckThrowOnFailure();

    [Fact]
    public void Open_OnlyAFooter_NoDataIsRefused() => Assert.Equal(ErrorCode.VhdFooterInvalid, Fails(FixedImage[^512..]).Code);

    [Fact]
    public void Open_FileCutWhileOpen_TruncatedNotZeros()
    {
        Assert.SkipWhen(OperatingSystem.IsWindows(), "Windows lets nobody cut a file that is open.");
        string path = Save(FixedImage);
        using VirtualDisk disk = VirtualDiskFile.Open(path);
        using (var file = new FileStream(path, FileMode.Open, FileAccess.Write, FileShare.ReadWrite | FileShare.Delete))
        {
            file.SetLength(1024);
        }

        DiskFormatException exception = Assert.Throws<DiskFormatException>(() => disk.Read(0, new byte[4096]));

        Assert.Equal(ErrorCode.FileTruncated, exception.Code);
    }

    // The header has no copy: where only its checksum tells, the table may be sought in the wrong place. The finding says so.
    private static bool IsHeaderTableOffset(int offset) =>
        offset is >= VhdImageBuilder.HeaderOffset + 16 and < VhdImageBuilder.HeaderOffset + 36;

    private void ReadsWith(byte[] image, string ruleId)
    {
        using VirtualDisk disk = VirtualDiskFile.Open(Save(image));
        DiskFinding finding = Assert.Single(disk.Findings);
        Assert.Equal((ruleId, true), (finding.RuleId, finding.CanRepair));
        DiskContent.Equal(Content.Content, disk);
    }

    private DiskFormatException Fails(byte[] image)
    {
        string path = Save(image);
        return Assert.Throws<DiskFormatException>(() => VirtualDiskFile.Open(path).Dispose());
    }

    private string Save(byte[] image)
    {
        string path = _folder.File("disk.vhd");
        File.WriteAllBytes(path, image);
        return path;
    }
}
