using AzureVmRole.Disks.Editing;
using AzureVmRole.Disks.Files;
using AzureVmRole.Disks.Vhd;
using AzureVmRole.TestKit;
using Xunit;

namespace AzureVmRole.Disks.Tests.Editing;

/// <summary>
/// A disk and a change to it, applied write by write as a kill would leave it: every state of the file, with the journal
/// and without, is looked at.
/// </summary>
internal sealed class EditCase : IDisposable
{
    private readonly TemporaryFolder _folder = new();
    private readonly byte[] _before;
    private readonly Guid _identifier;
    private readonly DateTime _time = new(2023, 4, 5, 6, 7, 8, DateTimeKind.Utc);

    public EditCase(byte[] image)
    {
        _before = image;
        Restore(image);
        using VirtualDisk disk = Open();
        _identifier = disk.Identifier;
    }

    public string Path => _folder.File("disk.vhd");

    public string JournalPath => Path + EditJournal.Suffix;

    /// <summary>The edit as an editor plans it; nothing is written.</summary>
    public DiskEdit Plan(Func<VhdEditor, DiskEdit> plan)
    {
        using var editor = VhdEditor.Open(Path);
        return plan(editor);
    }

    /// <summary>
    /// Asserts that with the journal every state shows the new disk, that opening it for writing finishes it to the same
    /// bytes, and that without the journal the states before the first write and after the last show old and new.
    /// </summary>
    public void AssertEveryPrefix(DiskEdit edit, Action<string> assertOld, Action<string> assertNew)
    {
        byte[] after = States(edit).Last();
        foreach (byte[] state in States(edit))
        {
            Restore(state);
            EditJournal.Save(Path, edit, _identifier);
            assertNew(Path);
            VhdEditor.Open(Path).Dispose();
            Assert.False(File.Exists(JournalPath));
            DiskContent.Same(after, File.ReadAllBytes(Path), "after recovery");
            Assert.Equal(edit.LastWriteTimeUtc, File.GetLastWriteTimeUtc(Path));
        }

        Restore(_before);
        File.WriteAllBytes(JournalPath + ".azvmrole-partial", [1, 2, 3]);
        assertOld(Path);
        Restore(after);
        assertNew(Path);
    }

    /// <summary>The numbers of the states (0: nothing written) that a reader without the journal takes for neither disk.</summary>
    public async Task<int[]> NeitherAsync(DiskEdit edit, Func<string, Task<bool>> isOldOrNew)
    {
        var neither = new List<int>();
        int number = 0;
        foreach (byte[] state in States(edit))
        {
            Restore(state);
            if (!await isOldOrNew(Path))
            {
                neither.Add(number);
            }

            number++;
        }

        return [.. neither];
    }

    /// <summary>Whether the engine, shown the file without a journal, reads one of these disks.</summary>
    public static bool Shows(string path, params byte[][] contents)
    {
        try
        {
            byte[] content = DiskContent.Read(path);
            return contents.Any(expected => expected.AsSpan().SequenceEqual(content));
        }
        catch (DiskFormatException)
        {
            return false;
        }
    }

    public void Apply(DiskEdit edit)
    {
        using var file = DiskFile.OpenWrite(Path);
        EditJournal.Commit(file, edit, _identifier);
    }

    public void Dispose() => _folder.Dispose();

    /// <summary>The file after 0, 1, 2, … writes, and at the end with its final length.</summary>
    private IEnumerable<byte[]> States(DiskEdit edit)
    {
        byte[] bytes = [.. _before];
        yield return bytes;
        foreach ((long fileOffset, byte[] data) in edit.Writes)
        {
            bytes = [.. bytes];
            Array.Resize(ref bytes, (int)Math.Max(bytes.Length, fileOffset + data.Length));
            data.CopyTo(bytes, fileOffset);
            yield return bytes;
        }

        bytes = [.. bytes];
        Array.Resize(ref bytes, (int)(edit.FinalLength ?? bytes.Length));
        yield return bytes;
    }

    private VirtualDisk Open()
    {
        var file = DiskFile.OpenRead(Path);
        return VhdReader.OpenAlone(file);
    }

    private void Restore(byte[] state)
    {
        File.Delete(JournalPath);
        File.WriteAllBytes(Path, state);
        File.SetLastWriteTimeUtc(Path, _time);
    }
}
