using AzureVmRole.TestKit;
using Xunit;

namespace AzureVmRole.Disks.Tests.Vhdx;

/// <summary>Logs that cannot be replayed: refused, never ignored.</summary>
public sealed class VhdxLogDamageTests : IDisposable
{
    private const int MiB = VhdxImageBuilder.MiB;
    private const ulong FirstBlock = (4UL << 20) | 6;

    private readonly TemporaryFolder _folder = new();
    private readonly VhdxImageBuilder _image = new(4 * MiB);
    private readonly VhdxLogBuilder _log;

    public VhdxLogDamageTests() => _log = new VhdxLogBuilder(_image.AddBlock(0, new byte[MiB]));

    public void Dispose() => _folder.Dispose();

    [Fact]
    public void Open_NoValidEntry_VhdxLogInvalid() => AssertInvalid("Log", VhdxImageBuilder.LogOffset);

    [Fact]
    public void Open_EntriesOfOtherLog_VhdxLogInvalid()
    {
        _log.EntryGuid = Guid.Empty;
        _log.Add(0, 5, 0, VhdxLogWrite.Bat(FirstBlock));

        AssertInvalid("Log", VhdxImageBuilder.LogOffset);
    }

    [Fact]
    public void Open_FileShorterThanFlushed_VhdxLogInvalid()
    {
        _log.FlushedFileOffset = 6 * MiB;
        _log.Add(2, 5, 2, VhdxLogWrite.Bat(FirstBlock));

        AssertInvalid("FlushedFileOffset", VhdxLogBuilder.OffsetOf(2) + 48);
    }

    [Fact]
    public void Open_LastFileOffsetAbsurd_VhdxLogInvalid()
    {
        _log.LastFileOffset = ulong.MaxValue << 20;
        _log.Add(2, 5, 2, VhdxLogWrite.Bat(FirstBlock));

        AssertInvalid("LastFileOffset", VhdxLogBuilder.OffsetOf(2) + 56);
    }

    [Theory]
    [InlineData(long.MinValue, 4096, "Zero descriptor FileOffset")]
    [InlineData(0x7FFF_FFFF_FFFF_F000, 4096, "Zero descriptor FileOffset")]
    [InlineData(0, 0x7FFF_FFFF_FFFF_F000, "Zero descriptor FileOffset")]
    [InlineData(VhdxImageBuilder.LogOffset, 4096, "Zero descriptor FileOffset")]
    [InlineData(4L << 20, 17L << 30, "Log")]
    public void Open_ZerosOutOfRange_VhdxLogInvalid(long fileOffset, long length, string field)
    {
        _log.Add(0, 5, 0, new VhdxLogWrite(fileOffset, null, length));

        AssertInvalid(field, null);
    }

    [Theory]
    [InlineData(long.MinValue)]
    [InlineData(0x7FFF_FFFF_FFFF_F000)]
    [InlineData(VhdxImageBuilder.LogOffset + 4096)]
    public void Open_DataOutOfRange_VhdxLogInvalid(long fileOffset)
    {
        _log.Add(0, 5, 0, new VhdxLogWrite(fileOffset, new byte[4096]));

        AssertInvalid("Data descriptor FileOffset", null);
    }

    [Fact]
    public void Open_TailOutsideSequence_VhdxLogInvalid()
    {
        _log.Add(0, 5, 9, VhdxLogWrite.Bat(FirstBlock));

        AssertInvalid("Log", VhdxImageBuilder.LogOffset);
    }

    [Fact]
    public void Open_LogLengthZeroOrBeyondEnd_VhdxLogInvalid()
    {
        _image.PatchBoth(VhdxImageBuilder.HeaderOffset, VhdxImageBuilder.SecondHeaderOffset, 68, 0, 0, 0);
        AssertInvalid("Log", VhdxImageBuilder.LogOffset);

        _image.PatchBoth(VhdxImageBuilder.HeaderOffset, VhdxImageBuilder.SecondHeaderOffset, 68, 0, 0, 0xF0);
        AssertInvalid("Log", VhdxImageBuilder.LogOffset);
    }

    [Theory]
    [InlineData(0, 4)] // Signature
    [InlineData(8, 4)] // EntryLength
    [InlineData(12, 4)] // Tail
    [InlineData(16, 8)] // SequenceNumber
    [InlineData(24, 4)] // DescriptorCount
    [InlineData(32, 16)] // LogGuid
    [InlineData(64, 4)] // descriptor: signature
    [InlineData(80, 1)] // descriptor: FileOffset, unaligned
    [InlineData(88, 8)] // descriptor: SequenceNumber
    [InlineData(4096, 4)] // data: signature
    [InlineData(4100, 4)] // data: SequenceHigh
    [InlineData(8188, 4)] // data: SequenceLow
    public void Open_FieldOfOnlyEntryWrong_VhdxLogInvalid(int offset, int length)
    {
        _log.Add(0, 5, 0, VhdxLogWrite.Bat(FirstBlock));
        for (int index = 0; index < length; index++)
        {
            _image.Bytes[VhdxImageBuilder.LogOffset + offset + index] ^= 0x81;
        }

        if (offset != 8)
        {
            _log.Seal(0);
        }

        AssertInvalid("Log", VhdxImageBuilder.LogOffset);
    }

    [Fact]
    public void Open_AnyByteOfOnlyEntryFlipped_VhdxLogInvalid()
    {
        _log.Add(0, 5, 0, VhdxLogWrite.Bat(FirstBlock));
        for (int offset = 0; offset < 2 * VhdxLogBuilder.SectorSize; offset += 61)
        {
            _image.Bytes[VhdxImageBuilder.LogOffset + offset] ^= 0x10;
            AssertInvalid("Log", VhdxImageBuilder.LogOffset);
            _image.Bytes[VhdxImageBuilder.LogOffset + offset] ^= 0x10;
        }
    }

    [Fact(Timeout = 20_000)]
    public async Task Open_EveryEntryClaimsWholeLog_RefusedSoon()
    {
        // Every sector starts a well-formed entry as long as the log: checking all would read the log 256 times.
        await Task.Yield();
        for (int sector = 0; sector < VhdxLogBuilder.LogSectorCount; sector++)
        {
            _log.Add(sector, 5, sector);
            BitConverter.GetBytes(MiB).CopyTo(_image.Bytes, VhdxLogBuilder.OffsetOf(sector) + 8);
        }

        AssertInvalid("Log", VhdxImageBuilder.LogOffset);
    }

    private void AssertInvalid(string field, long? fileOffset)
    {
        DiskFormatException exception = Assert.Throws<DiskFormatException>(() => VirtualDiskFile.Open(_image.Save(_folder.File("disk.vhdx"))));
        Assert.Equal(ErrorCode.VhdxLogInvalid, exception.Code);
        Assert.Equal(field, exception.Field);
        Assert.Equal(fileOffset ?? exception.FileOffset, exception.FileOffset);
        Assert.NotNull(exception.RecommendedAction);
    }
}
