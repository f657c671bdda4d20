using System.Buffers.Binary;
using System.Security.Cryptography;
using AzureVmRole.Disks.Editing;
using AzureVmRole.Disks.Files;
using AzureVmRole.TestKit;
using FsCheck;
using FsCheck.Fluent;
using Xunit;

namespace AzureVmRole.Disks.Tests.Editing;

public sealed class EditJournalTests : IDisposable
{
    private const int Length = 8192;
    private const int HashSize = 32;
    private const int FirstRecord = 44;

    private static readonly Guid Identifier = new("00112233-4455-6677-8899-AABBCCDDEEFF");

    private readonly TemporaryFolder _folder = new();

    public EditJournalTests() => File.WriteAllBytes(Disk, Original);

    /// <summary>The copy of a footer, by which a journal knows its disk, and zeros.</summary>
    private static byte[] Original => [.. new VhdImageBuilder(512, VhdImageBuilder.Dynamic, 4096).ToArray()[..512], .. new byte[Length - 512]];

    private string Disk => _folder.File("disk.raw");

    private string Journal => Disk + EditJournal.Suffix;

    public void Dispose() => _folder.Dispose();

    [Fact]
    public void Commit_Writes_AreAppliedAndTheJournalIsGone()
    {
        var time = new DateTime(2022, 1, 2, 3, 4, 5, DateTimeKind.Utc);
        DiskEdit edit = Edit();
        edit.LastWriteTimeUtc = time;
        using (var file = DiskFile.OpenWrite(Disk))
        {
            EditJournal.Commit(file, edit, Identifier);
        }

        Assert.Equal([Disk], Directory.GetFiles(_folder.Path));
        Assert.Equal(Edited(), File.ReadAllBytes(Disk));
        Assert.Equal(time, File.GetLastWriteTimeUtc(Disk));
    }

    [Fact]
    public void Commit_NothingToDo_TouchesNothing()
    {
        var time = new DateTime(2022, 1, 2, 3, 4, 5, DateTimeKind.Utc);
        File.SetLastWriteTimeUtc(Disk, time);
        using (var file = DiskFile.OpenWrite(Disk))
        {
            EditJournal.Commit(file, new DiskEdit(), Identifier);
        }

        Assert.Equal(time, File.GetLastWriteTimeUtc(Disk));
    }

    [Theory]
    [InlineData(null)]
    [InlineData(4096L)]
    [InlineData(20_000L)]
    public void OverlayOnto_JournalPresent_ReadsAsIfApplied(long? finalLength)
    {
        DiskEdit edit = Edit();
        edit.FinalLength = finalLength;
        edit.LastWriteTimeUtc = new DateTime(2022, 1, 2, 3, 4, 5, DateTimeKind.Utc);
        EditJournal.Save(Disk, edit, Identifier);
        using var file = DiskFile.OpenRead(Disk);

        EditJournal.OverlayOnto(file);

        byte[] expected = Edited();
        Array.Resize(ref expected, (int)(finalLength ?? expected.Length));
        byte[] read = new byte[file.Length];
        file.ReadExactly(0, read);
        Assert.Equal(expected, read);
        Assert.Equal(edit.LastWriteTimeUtc, file.LastWriteTimeUtc);
        Assert.Equal(Original, File.ReadAllBytes(Disk));
    }

    [Fact]
    public void Recover_AnyEditAndAnyPartOfItApplied_SameAsApplied() => Prop.ForAll<int>(seed =>
    {
        var random = new Random(seed);
        var edit = new DiskEdit { FinalLength = random.Next(2) == 0 ? null : random.Next(512, 30_000) };
        byte[] expected = Original;
        byte[] partly = Original;
        int applied = random.Next(6);
        for (int index = 0; index < 5; index++)
        {
            byte[] data = new byte[random.Next(1, 3000)];
            random.NextBytes(data);
            int offset = random.Next(512, 20_000);
            edit.Add(offset, data);
            Put(ref expected, offset, data);
            if (index < applied)
            {
                Put(ref partly, offset, data);
            }
        }

        Array.Resize(ref expected, (int)(edit.FinalLength ?? expected.Length));
        File.WriteAllBytes(Disk, partly);
        EditJournal.Save(Disk, edit, Identifier);
        AssertOverlaid(expected);
        using (var file = DiskFile.OpenWrite(Disk))
        {
            Assert.True(EditJournal.Recover(file));
            Assert.False(EditJournal.Recover(file));
        }

        Assert.Equal(expected, File.ReadAllBytes(Disk));
    }).QuickCheckThrowOnFailure();

    [Fact]
    public void Load_AnyByteChangedOrCut_RefusedAndTheDiskUntouched()
    {
        EditJournal.Save(Disk, Edit(), Identifier);
        byte[] journal = File.ReadAllBytes(Journal);
        for (int offset = 0; offset < journal.Length; offset += 3)
        {
            byte[] damaged = [.. journal];
            damaged[offset] ^= 0x40;
            AssertInvalid(damaged);
            AssertInvalid(journal[..offset]);
        }

        Assert.Equal(Original, File.ReadAllBytes(Disk));
    }

    [Theory]
    [InlineData(36, long.MaxValue)]
    [InlineData(16, int.MaxValue)]
    [InlineData(FirstRecord, -1L)]
    [InlineData(FirstRecord, long.MaxValue)]
    [InlineData(FirstRecord, long.MinValue)]
    [InlineData(FirstRecord + 8, 0L)]
    [InlineData(FirstRecord + 8, -1L)]
    [InlineData(FirstRecord + 8, int.MaxValue)]
    public void Load_AbsurdFieldUnderARightHash_Refused(int field, long value)
    {
        var edit = new DiskEdit();
        edit.Add(4096, [1, 2, 3]);
        EditJournal.Save(Disk, edit, Identifier);
        byte[] journal = File.ReadAllBytes(Journal);
        if (field is 16 or FirstRecord + 8)
        {
            BinaryPrimitives.WriteInt32LittleEndian(journal.AsSpan(field), (int)value);
        }
        else
        {
            BinaryPrimitives.WriteInt64LittleEndian(journal.AsSpan(field), value);
        }

        SHA256.HashData(journal.AsSpan(0, journal.Length - HashSize), journal.AsSpan(journal.Length - HashSize));
        AssertInvalid(journal);
    }

    [Fact]
    public void Load_JournalOfAnotherDisk_Refused()
    {
        EditJournal.Save(Disk, Edit(), Guid.NewGuid());

        AssertInvalid(File.ReadAllBytes(Journal));
    }

    [Fact]
    public void Settle_DiskIsGone_JournalGoes()
    {
        EditJournal.Save(Disk, Edit(), Identifier);
        File.Delete(Disk);

        DiskLeftovers.Settle(Disk, overwrite: true);

        Assert.Empty(Directory.GetFiles(_folder.Path));
    }

    [Fact]
    public void Settle_DiskIsThere_ChangeIsFinishedFirst()
    {
        EditJournal.Save(Disk, Edit(), Identifier);

        DiskLeftovers.Settle(Disk, overwrite: true);

        Assert.Equal([Disk], Directory.GetFiles(_folder.Path));
        Assert.Equal(Edited(), File.ReadAllBytes(Disk));
    }

    private static DiskEdit Edit()
    {
        var edit = new DiskEdit();
        edit.Add(512, [.. Enumerable.Repeat((byte)0x11, 1024)]);
        edit.Add(1000, [.. Enumerable.Repeat((byte)0x22, 8)]);
        edit.Add(Length - 10, [.. Enumerable.Repeat((byte)0x44, 522)]);
        return edit;
    }

    private static byte[] Edited()
    {
        byte[] bytes = [.. Original, .. new byte[512]];
        bytes.AsSpan(512, 1024).Fill(0x11);
        bytes.AsSpan(1000, 8).Fill(0x22);
        bytes.AsSpan(Length - 10, 522).Fill(0x44);
        return bytes;
    }

    private static void Put(ref byte[] target, int offset, byte[] data)
    {
        Array.Resize(ref target, Math.Max(target.Length, offset + data.Length));
        data.CopyTo(target, offset);
    }

    private void AssertOverlaid(byte[] expected)
    {
        using var file = DiskFile.OpenRead(Disk);
        EditJournal.OverlayOnto(file);
        Assert.Equal(expected.Length, file.Length);
        byte[] read = new byte[file.Length];
        file.ReadExactly(0, read);
        Assert.Equal(expected, read);
    }

    private void AssertInvalid(byte[] journal)
    {
        File.WriteAllBytes(Journal, journal);
        DiskOperationException exception = Assert.Throws<DiskOperationException>(() => VirtualDiskFile.Open(Disk).Dispose());
        Assert.Equal(ErrorCode.EditJournalInvalid, exception.Code);
        using var file = DiskFile.OpenWrite(Disk);
        Assert.Throws<DiskOperationException>(() => EditJournal.Recover(file));
    }
}
