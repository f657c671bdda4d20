using AzureVmRole.Disks.Editing;
using AzureVmRole.Disks.Partitions;
using AzureVmRole.Disks.Tests.Vhd;
using AzureVmRole.Disks.Vhd;
using AzureVmRole.TestKit;
using Xunit;

namespace AzureVmRole.Disks.Tests.Editing;

/// <summary>Resizing in place, killed at every point.</summary>
public sealed class VhdResizeTests
{
    private const int MiB = 1 << 20;
    private const int BlockSize = 65_536;
    private static readonly int[] OnlyTheFirst = [1];

    /// <summary>Old and new sizes; the first are not whole MiB, as qemu-img makes them.</summary>
    public static TheoryData<int, int> FixedSizes => new()
    {
        { 1_079_296, 2 * MiB },
        { 2 * MiB, 3 * MiB },
        { 3 * MiB, 2 * MiB },
        { 1_079_296, MiB },
        { 2 * MiB - 512, 2 * MiB },
    };

    public static TheoryData<int, int, int> DynamicSizes => new()
    {
        { 1_079_296, 2 * MiB, 0 },
        { 1_079_296, 2 * MiB, 200 },
        { MiB, (64 * 200) << 10, 0 },
        { MiB - 512, MiB, 0 },
        { MiB - 61_440, MiB, 0 },
        { MiB, 9 * MiB, 127 },
    };

    [Theory]
    [MemberData(nameof(FixedSizes))]
    public void Resize_FixedKilledAnywhere_NewDiskThroughTheJournal(int oldSize, int newSize)
    {
        ReferenceDisk content = MakeContent(oldSize);
        using EditCase disk = new(new VhdImageBuilder(oldSize, VhdImageBuilder.Fixed).Write(0, content.Content).ToArray());
        SectorWrite[] writes = TableWrites(Math.Max(oldSize, newSize));
        DiskEdit edit = disk.Plan(editor => editor.PlanResize(newSize, writes));

        disk.AssertEveryPrefix(
            edit, path => DiskContent.Equal(content.Content, path), path => AssertIs(Resized(content.Content, newSize, writes), path));
    }

    [Theory]
    [MemberData(nameof(DynamicSizes))]
    public void Resize_DynamicKilledAnywhere_NewDiskThroughTheJournal(int oldSize, int newSize, int spareEntries)
    {
        ReferenceDisk content = MakeContent(oldSize);
        using EditCase disk = new(DynamicImage(content, spareEntries));
        SectorWrite[] writes = TableWrites(newSize);
        DiskEdit edit = disk.Plan(editor => editor.PlanResize(newSize, writes));

        disk.AssertEveryPrefix(
            edit, path => DiskContent.Equal(content.Content, path), path => AssertIs(Resized(content.Content, newSize, writes), path));
    }

    [Theory(Timeout = 120_000)]
    [MemberData(nameof(DynamicSizes))]
    public async Task Resize_Dynamic_QemuReadsTheNewDisk(int oldSize, int newSize, int spareEntries)
    {
        using var folder = new TemporaryFolder();
        ReferenceDisk content = MakeContent(oldSize);
        string path = folder.File("disk.vhd");
        await File.WriteAllBytesAsync(path, DynamicImage(content, spareEntries), TestContext.Current.CancellationToken);
        SectorWrite[] writes = TableWrites(newSize);

        using (var editor = VhdEditor.Open(path))
        {
            editor.Resize(newSize, writes);
        }

        var expected = new ReferenceDisk(newSize);
        Resized(content.Content, newSize, writes).CopyTo(expected.Content, 0);
        await QemuImg.CompareAsync(folder, expected, path);
    }

    /// <summary>
    /// What a reader sees that knows nothing of the journal: a growing dynamic disk whose table moves is the old one until its
    /// headers switch, then the new one, for qemu-img as for us.
    /// </summary>
    [Fact(Timeout = 120_000)]
    public async Task Resize_DynamicTableMovesJournalIgnored_OldOrNewAtEveryPoint()
    {
        ReferenceDisk content = MakeContent(MiB);
        byte[] after = Resized(content.Content, 13 * MiB, []);
        using EditCase disk = new(DynamicImage(content, 0));
        DiskEdit edit = disk.Plan(editor => editor.PlanResize(13 * MiB, []));

        Assert.Empty(await disk.NeitherAsync(edit, path => Task.FromResult(EditCase.Shows(path, content.Content, after))));
        Assert.Empty(await disk.NeitherAsync(edit, path => QemuShowsAsync(path, content.Content, after)));
    }

    /// <summary>
    /// A growing fixed disk has one state that is neither for a reader that knows nothing of the journal: between its first
    /// write (the footer in its new place) and the second, what was the footer shows as data behind the old end.
    /// </summary>
    [Fact(Timeout = 120_000)]
    public async Task Resize_FixedGrowsJournalIgnored_OldFooterShowsAfterTheFirstWriteOnly()
    {
        ReferenceDisk content = MakeContent(MiB);
        byte[] after = Resized(content.Content, 3 * MiB, []);
        using EditCase disk = new(new VhdImageBuilder(MiB, VhdImageBuilder.Fixed).Write(0, content.Content).ToArray());
        DiskEdit edit = disk.Plan(editor => editor.PlanResize(3 * MiB, []));

        Assert.Equal(OnlyTheFirst, await disk.NeitherAsync(edit, path => Task.FromResult(EditCase.Shows(path, content.Content, after))));
        Assert.Equal(OnlyTheFirst, await disk.NeitherAsync(edit, path => QemuShowsAsync(path, content.Content, after)));
    }

    /// <summary>
    /// A shrinking fixed disk ends in the old footer until the file is cut: a reader that knows nothing of the journal sees
    /// the old disk, in which the new footer lies over a part that is about to go.
    /// </summary>
    [Fact(Timeout = 120_000)]
    public async Task Resize_FixedShrinksJournalIgnored_NewFooterShowsInThePartThatGoes()
    {
        ReferenceDisk content = MakeContent(3 * MiB);
        byte[] after = Resized(content.Content, 2 * MiB, []);
        using EditCase disk = new(new VhdImageBuilder(3 * MiB, VhdImageBuilder.Fixed).Write(0, content.Content).ToArray());
        DiskEdit edit = disk.Plan(editor => editor.PlanResize(2 * MiB, []));

        Assert.Equal(OnlyTheFirst, await disk.NeitherAsync(edit, path => QemuShowsAsync(path, content.Content, after)));
        Assert.Empty(await disk.NeitherAsync(
            edit, path => Task.FromResult(DiskContent.Read(path).AsSpan(0, 2 * MiB).SequenceEqual(after))));
    }

    /// <summary>Some tools write a maximum of table entries that they left no room for.</summary>
    [Theory]
    [InlineData(129)]
    [InlineData(1000)]
    [InlineData(uint.MaxValue)]
    public void Resize_MoreEntriesInTheHeaderThanInTheFile_BlocksAreNotOverwritten(uint entries)
    {
        ReferenceDisk content = MakeContent(8 * MiB);
        byte[] image = VhdBytes.SetHeader(DynamicImage(content, 0), 28, VhdBytes.UInt32(entries));
        using EditCase disk = new(image);
        DiskEdit edit = disk.Plan(editor => editor.PlanResize(12 * MiB, []));

        disk.Apply(edit);

        AssertIs(Resized(content.Content, 12 * MiB, []), disk.Path);
    }

    /// <summary>The table is the last thing before the footer, which its spare entries must not overwrite before the end.</summary>
    [Fact]
    public void Resize_SpareEntriesReachOverTheFooter_KilledAnywhereStillRead()
    {
        var image = new VhdImageBuilder(8 * MiB, VhdImageBuilder.Dynamic, BlockSize);
        using EditCase disk = new(VhdBytes.SetHeader(image.ToArray(), 28, VhdBytes.UInt32(256)));
        DiskEdit edit = disk.Plan(editor => editor.PlanResize(12 * MiB, []));

        disk.AssertEveryPrefix(
            edit, path => AssertIs(new byte[8 * MiB], path), path => AssertIs(new byte[12 * MiB], path));
    }

    /// <summary>The footer at the end is the only good one, and stops being at the end with the first byte that is appended.</summary>
    [Theory]
    [InlineData(0, 0)]
    [InlineData(64, 0)]
    [InlineData(68, 0)]
    [InlineData(0, 61_440)]
    public void Resize_FooterCopyDamaged_KilledAnywhereStillRead(int field, int cutFromLastBlock)
    {
        ReferenceDisk content = MakeContent(MiB - cutFromLastBlock);
        byte[] image = VhdBytes.SetCopy(DynamicImage(content, 0), field, [0xEE], seal: false);

        // The last block may end where the disk does; then the footer stands where the block will grow.
        using EditCase disk = new([.. image[..^(512 + cutFromLastBlock)], .. image[^512..]]);
        DiskEdit edit = disk.Plan(editor => editor.PlanResize(9 * MiB, []));

        disk.AssertEveryPrefix(
            edit, path => DiskContent.Equal(content.Content, path), path => AssertIs(Resized(content.Content, 9 * MiB, []), path));
    }

    /// <summary>What the last block held behind the end of the disk must not come into sight.</summary>
    [Fact]
    public void Resize_JunkBehindTheOldEnd_ReadsAsZeros()
    {
        const int OldSize = MiB - 4096;
        var image = new VhdImageBuilder(MiB, VhdImageBuilder.Dynamic, BlockSize);
        byte[] data = new byte[BlockSize];
        data.AsSpan().Fill(0x5A);
        byte[] bytes = VhdBytes.SetBoth(image.Write(MiB - BlockSize, data).ToArray(), 48, VhdBytes.UInt64(OldSize));
        using EditCase disk = new(bytes);

        disk.Apply(disk.Plan(editor => editor.PlanResize(MiB, [])));

        byte[] expected = new byte[MiB];
        data.AsSpan(0, BlockSize - 4096).CopyTo(expected.AsSpan(MiB - BlockSize));
        AssertIs(expected, disk.Path);
    }

    private static byte[] DynamicImage(ReferenceDisk content, int spareEntries)
    {
        int length = content.Content.Length;
        var image = new VhdImageBuilder(length, VhdImageBuilder.Dynamic, BlockSize) { SpareEntries = spareEntries };
        int last = (length - 1) / BlockSize * BlockSize;
        image.Write(0, content.Content.AsSpan(0, BlockSize)).Write(last, content.Content.AsSpan(last));
        return image.ToArray();
    }

    /// <summary>Data in the first and the last block.</summary>
    private static ReferenceDisk MakeContent(int length) =>
        new ReferenceDisk(length).Fill(0, 8192, 1).Fill(length - 2048, 2048, 2);

    /// <summary>What a partition table might need: sectors at the start and at the end of the larger disk.</summary>
    private static SectorWrite[] TableWrites(int length)
    {
        byte[] data = new byte[1024];
        data.AsSpan().Fill(0x99);
        return [new SectorWrite(length - 1024, data, "backup"), new SectorWrite(512, data.AsMemory(0, 512), "primary")];
    }

    private static byte[] Resized(byte[] content, int size, SectorWrite[] writes)
    {
        byte[] larger = new byte[Math.Max(content.Length, size)];
        content.CopyTo(larger, 0);
        foreach (SectorWrite write in writes)
        {
            write.Data.Span.CopyTo(larger.AsSpan((int)write.DiskOffset));
        }

        return larger[..size];
    }

    private static void AssertIs(byte[] expected, string path)
    {
        using VirtualDisk disk = VirtualDiskFile.Open(path);
        string[] told = File.Exists(path + EditJournal.Suffix) ? ["VhdChangeInterrupted"] : [];
        Assert.Equal<string[]>(told, [.. disk.Findings.Select(finding => finding.RuleId)]);
        DiskContent.Equal(expected, disk);
    }

    private static async Task<bool> QemuShowsAsync(string path, params byte[][] contents)
    {
        string raw = path + ".raw";
        ProgramResult result = await QemuImg.TryAsync("convert", "-f", "vpc", "-O", "raw", path, raw);
        byte[] content = result.ExitCode == 0 ? await File.ReadAllBytesAsync(raw, TestContext.Current.CancellationToken) : [];
        return contents.Any(expected => expected.AsSpan().SequenceEqual(content));
    }
}
