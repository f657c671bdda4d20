using AzureVmRole.TestKit;
using Xunit;

namespace AzureVmRole.Disks.Tests.Vhdx;

public sealed class VhdxLogReplayTests : IDisposable
{
    private const int MiB = VhdxImageBuilder.MiB;
    private const ulong FirstBlock = (4UL << 20) | 6;
    private const ulong SecondBlock = (5UL << 20) | 6;

    private readonly TemporaryFolder _folder = new();
    private readonly VhdxImageBuilder _image = new(4 * MiB);
    private readonly VhdxLogBuilder _log;

    public VhdxLogReplayTests()
    {
        _image.AddBlock(0, Filled(0xA1)).AddBlock(1, Filled(0xB2));
        _image.SetPayload(0, 0).SetPayload(1, 0);
        _log = new VhdxLogBuilder(_image);
    }

    public void Dispose() => _folder.Dispose();

    [Fact(Timeout = 60_000)]
    public async Task Open_DataDescriptor_AppliedInMemoryOnly()
    {
        _log.Add(0, 5, 0, VhdxLogWrite.Bat(FirstBlock, SecondBlock));
        string path = Save();
        byte[] before = await File.ReadAllBytesAsync(path, TestContext.Current.CancellationToken);

        using VirtualDisk disk = VirtualDiskFile.Open(path);

        AssertBlocks(disk, 0xA1, 0xB2, 0, 0);
        DiskFinding finding = Assert.Single(disk.Findings);
        Assert.Equal("VhdxLogReplayed", finding.RuleId);
        Assert.Equal(before, await File.ReadAllBytesAsync(path, TestContext.Current.CancellationToken));
    }

    [Fact]
    public void Open_SeveralEntries_LaterWins()
    {
        int next = _log.Add(7, 5, 7, VhdxLogWrite.Bat(SecondBlock));
        _log.Add(next, 6, 7, VhdxLogWrite.Bat(FirstBlock));

        AssertBlocks(0xA1, 0, 0, 0);
    }

    [Fact]
    public void Open_ZeroDescriptor_CoversTable()
    {
        _image.SetPayload(0, FirstBlock).SetPayload(600, SecondBlock);
        _log.Add(0, 5, 0, new VhdxLogWrite(VhdxImageBuilder.BatOffset, null, 8192));

        AssertBlocks(0, 0, 0, 0);
    }

    [Fact]
    public void Open_ZeroThenData_InOrder()
    {
        _log.Add(
            0, 5, 0, VhdxLogWrite.Bat(SecondBlock), new VhdxLogWrite(VhdxImageBuilder.BatOffset, null, MiB),
            VhdxLogWrite.Bat(0, FirstBlock));

        AssertBlocks(0, 0xA1, 0, 0);
    }

    [Fact]
    public void Open_SequenceWrapsAround_IsFound()
    {
        int last = VhdxLogBuilder.LogSectorCount - 1;
        int next = _log.Add(last - 3, 9, last - 3, VhdxLogWrite.Bat(SecondBlock));
        next = _log.Add(next, 10, last - 3, VhdxLogWrite.Bat(SecondBlock, SecondBlock));
        _log.Add(next, 11, last - 3, VhdxLogWrite.Bat(0, FirstBlock), VhdxLogWrite.Bat(FirstBlock));

        AssertBlocks(0xA1, 0, 0, 0);
    }

    [Fact]
    public void Open_EntryItselfWrapsAround_IsRead()
    {
        int last = VhdxLogBuilder.LogSectorCount - 1;
        _log.Add(last, 9, last, VhdxLogWrite.Bat(FirstBlock));

        AssertBlocks(0xA1, 0, 0, 0);
    }

    [Fact]
    public void Open_OlderSequence_NotReplayed()
    {
        _log.Add(0, 5, 0, VhdxLogWrite.Bat(SecondBlock, FirstBlock, SecondBlock));
        _log.Add(20, 8, 20, VhdxLogWrite.Bat(FirstBlock));
        _log.Add(40, 3, 40, VhdxLogWrite.Bat(0, 0, FirstBlock));

        AssertBlocks(0xA1, 0, 0, 0);
    }

    [Fact]
    public void Open_EntriesBeforeTail_NotReplayed()
    {
        // The first entry was applied long ago; what it would write is no longer a table.
        int next = _log.Add(0, 5, 0, new VhdxLogWrite(VhdxImageBuilder.BlocksOffset, Filled(0xEE)[..4096]));
        _log.Add(next, 6, next, VhdxLogWrite.Bat(FirstBlock));

        AssertBlocks(0xA1, 0, 0, 0);
    }

    [Fact]
    public void Open_NewerEntryTorn_OlderSequenceCounts()
    {
        int next = _log.Add(0, 5, 0, VhdxLogWrite.Bat(FirstBlock));
        _log.Add(next, 6, 0, VhdxLogWrite.Bat(0, SecondBlock));
        _image.Bytes[VhdxLogBuilder.OffsetOf(next + 1) + 100] ^= 1;

        AssertBlocks(0xA1, 0, 0, 0);
    }

    [Fact]
    public void Open_EmptyEntry_NothingToApply()
    {
        _image.SetPayload(0, FirstBlock);
        _log.Add(0, 5, 0);

        AssertBlocks(0xA1, 0, 0, 0);
    }

    [Fact]
    public void Open_ManyDescriptors_SecondDescriptorSectorIsRead()
    {
        VhdxLogWrite[] writes = [.. Enumerable.Range(0, 130).Select(_ => VhdxLogWrite.Bat(SecondBlock))];
        _log.Add(0, 5, 0, [.. writes, VhdxLogWrite.Bat(FirstBlock)]);

        AssertBlocks(0xA1, 0, 0, 0);
    }

    [Fact]
    public void Open_LastFileOffsetBeyondEnd_FileGrows()
    {
        _log.LastFileOffset = 8 * MiB;
        _log.Add(0, 5, 0, VhdxLogWrite.Bat((7UL << 20) | 6, FirstBlock));

        AssertBlocks(0, 0xA1, 0, 0);
    }

    [Fact]
    public void Open_RegionTablesOnlyInLog_AreUsed()
    {
        byte[] table = _image.Bytes[VhdxImageBuilder.RegionTableOffset..(VhdxImageBuilder.RegionTableOffset + 4096)];
        _image.SetPayload(0, FirstBlock);
        _image.Bytes[VhdxImageBuilder.RegionTableOffset] = 0;
        _image.Bytes[VhdxImageBuilder.SecondRegionTableOffset] = 0;
        _log.Add(
            0, 5, 0, new VhdxLogWrite(VhdxImageBuilder.RegionTableOffset, table),
            new VhdxLogWrite(VhdxImageBuilder.SecondRegionTableOffset, table));

        AssertBlocks(0xA1, 0, 0, 0);
    }

    [Fact(Timeout = 120_000)]
    public async Task Open_DirtyLog_SameAsQemuAfterItsReplay()
    {
        Assert.SkipUnless(ExternalProgram.IsInstalled("qemu-img"), "qemu-img (package qemu-utils) is not installed.");
        int next = _log.Add(250, 9, 250, VhdxLogWrite.Bat(SecondBlock, FirstBlock));
        next = _log.Add(next, 10, 250, new VhdxLogWrite(VhdxImageBuilder.BatOffset, null, 4096));
        _log.Add(next, 11, 250, VhdxLogWrite.Bat(0, 0, SecondBlock), VhdxLogWrite.Bat(0, FirstBlock, SecondBlock));
        string path = Save();
        byte[] ours = VhdxTestDisk.ReadAll(path);

        await QemuAsync("check", "-r", "all", "-f", "vhdx", path);
        await QemuAsync("convert", "-f", "vhdx", "-O", "raw", path, _folder.File("qemu.raw"));

        Assert.Equal(await File.ReadAllBytesAsync(_folder.File("qemu.raw"), TestContext.Current.CancellationToken), ours);
        Assert.Equal(0xB2, ours[2 * MiB]);
    }

    private static byte[] Filled(byte value)
    {
        byte[] bytes = new byte[MiB];
        Array.Fill(bytes, value);
        return bytes;
    }

    private static void AssertBlocks(VirtualDisk disk, params byte[] expected)
    {
        byte[] content = VhdxTestDisk.ReadAll(disk);
        for (int block = 0; block < expected.Length; block++)
        {
            Assert.Equal(-1, content.AsSpan(block * MiB, MiB).IndexOfAnyExcept(expected[block]));
        }
    }

    private static async Task QemuAsync(params string[] arguments)
    {
        ProgramResult result = await ExternalProgram.RunAsync(
            TestContext.Current.CancellationToken, "qemu-img", arguments);
        Assert.True(result.ExitCode == 0, result.Everything);
    }

    private void AssertBlocks(params byte[] expected)
    {
        using VirtualDisk disk = VirtualDiskFile.Open(Save());
        AssertBlocks(disk, expected);
        Assert.Contains(disk.Findings, finding => finding.RuleId is "VhdxLogReplayed");
    }

    private string Save() => _image.Save(_folder.File("disk.vhdx"));
}
