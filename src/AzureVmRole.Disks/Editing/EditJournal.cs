using System.Buffers.Binary;
using System.Security.Cryptography;
using AzureVmRole.Disks.Files;
using AzureVmRole.Disks.Vhd;

namespace AzureVmRole.Disks.Editing;

/// <summary>
/// The redo journal of a <see cref="DiskEdit"/>: a file beside the disk that holds every byte of the change. Once it is on
/// stable storage the change has happened: readers see it through the journal, and the next writer applies it.
/// </summary>
/// <remarks>
/// Layout, little-endian: magic (8 bytes), final length or -1 (8), number of writes (4), the disk's id (16),
/// modification time in ticks or -1 (8), then for each write its offset (8), length (4) and bytes; last the SHA-256 of everything before it.
/// </remarks>
internal static class EditJournal
{
    public const string Suffix = ".azvmrole-editing";
    private const int HeaderSize = 44;
    private const int IdentifierOffset = 20;
    private const int TimeOffset = 36;
    private const int RecordHeaderSize = 12;
    private const int LargestJournal = 1 << 29;

    private static ReadOnlySpan<byte> Magic => "AVREDIT1"u8;

    /// <summary>Journals a change, applies it and forgets the journal.</summary>
    public static void Commit(DiskFile file, DiskEdit edit, Guid identifier)
    {
        if (edit.IsEmpty)
        {
            return;
        }

        Save(file.Path, edit, identifier);
        Apply(file, edit);
    }

    /// <summary>Puts the journal beside the disk, on stable storage: from then on the change has happened.</summary>
    public static void Save(string diskPath, DiskEdit edit, Guid identifier)
    {
        // What is in the journal must go into the file, too, or the change cannot be finished.
        byte[] journal = Encode(edit, identifier);
        VolumeSpace.Require(diskPath, 2L * journal.Length);
        SmallFile.Write(diskPath + Suffix, diskPath, journal);
    }

    /// <summary>Finishes a change that was interrupted after its journal was complete.</summary>
    /// <returns>Whether there was one.</returns>
    public static bool Recover(DiskFile file)
    {
        if (Load(file) is not { } edit)
        {
            return false;
        }

        Apply(file, edit);
        return true;
    }

    /// <summary>Lets readers see an interrupted change as if it had been finished.</summary>
    public static void OverlayOnto(DiskFile file)
    {
        if (Load(file) is not { } edit)
        {
            return;
        }

        foreach ((long fileOffset, byte[] data) in edit.Writes)
        {
            file.Overlay(fileOffset, data);
        }

        if (edit.FinalLength is { } length)
        {
            file.OverlayLength(length);
        }

        if (edit.LastWriteTimeUtc is { } time)
        {
            file.OverlayLastWriteTime(time);
        }
    }

    private static void Apply(DiskFile file, DiskEdit edit)
    {
        foreach ((long fileOffset, byte[] data) in edit.Writes)
        {
            file.Write(fileOffset, data);
        }

        if (edit.FinalLength is { } length && file.Length != length)
        {
            file.SetLength(length);
        }

        if (edit.LastWriteTimeUtc is { } time)
        {
            File.SetLastWriteTimeUtc(file.Handle, time);
        }

        file.Flush();
        File.Delete(file.Path + Suffix);
        FolderEntries.Flush(file.Path);
    }

    private static byte[] Encode(DiskEdit edit, Guid identifier)
    {
        int size = HeaderSize + edit.Writes.Sum(write => RecordHeaderSize + write.Data.Length);
        byte[] bytes = new byte[size + SHA256.HashSizeInBytes];
        Magic.CopyTo(bytes);
        BinaryPrimitives.WriteInt64LittleEndian(bytes.AsSpan(8), edit.FinalLength ?? -1);
        BinaryPrimitives.WriteInt32LittleEndian(bytes.AsSpan(16), edit.Writes.Count);
        identifier.TryWriteBytes(bytes.AsSpan(IdentifierOffset));
        BinaryPrimitives.WriteInt64LittleEndian(bytes.AsSpan(TimeOffset), edit.LastWriteTimeUtc?.Ticks ?? -1);
        int position = HeaderSize;
        foreach ((long fileOffset, byte[] data) in edit.Writes)
        {
            BinaryPrimitives.WriteInt64LittleEndian(bytes.AsSpan(position), fileOffset);
            BinaryPrimitives.WriteInt32LittleEndian(bytes.AsSpan(position + 8), data.Length);
            data.CopyTo(bytes, position + RecordHeaderSize);
            position += RecordHeaderSize + data.Length;
        }

        SHA256.HashData(bytes.AsSpan(0, size), bytes.AsSpan(size));
        return bytes;
    }

    private static DiskEdit? Load(DiskFile file)
    {
        string diskPath = file.Path;
        string path = diskPath + Suffix;
        if (!File.Exists(path))
        {
            return null;
        }

        if (new FileInfo(path).Length is > LargestJournal or < HeaderSize + SHA256.HashSizeInBytes)
        {
            throw Invalid(diskPath);
        }

        byte[] bytes = File.ReadAllBytes(path);
        ReadOnlySpan<byte> body = bytes.AsSpan(0, bytes.Length - SHA256.HashSizeInBytes);
        if (!body.StartsWith(Magic) || !SHA256.HashData(body).AsSpan().SequenceEqual(bytes.AsSpan(body.Length)))
        {
            throw Invalid(diskPath);
        }

        // One of the disk's footers stays in place through every change, so a file without one is another disk.
        var identifier = new Guid(body.Slice(IdentifierOffset, 16));
        return VhdFooterReader.HasIdentifier(file, identifier) ? Decode(diskPath, body) : throw Foreign(diskPath);
    }

    private static DiskEdit Decode(string diskPath, ReadOnlySpan<byte> body)
    {
        long finalLength = BinaryPrimitives.ReadInt64LittleEndian(body[8..]);
        long ticks = BinaryPrimitives.ReadInt64LittleEndian(body[TimeOffset..]);
        if (ticks > DateTime.MaxValue.Ticks)
        {
            throw Invalid(diskPath);
        }

        var edit = new DiskEdit
        {
            FinalLength = finalLength < 0 ? null : finalLength,
            LastWriteTimeUtc = ticks < 0 ? null : new DateTime(ticks, DateTimeKind.Utc),
        };
        int count = BinaryPrimitives.ReadInt32LittleEndian(body[16..]);
        int position = HeaderSize;
        for (int index = 0; index < count; index++)
        {
            if (position > body.Length - RecordHeaderSize)
            {
                throw Invalid(diskPath);
            }

            long fileOffset = BinaryPrimitives.ReadInt64LittleEndian(body[position..]);
            int length = BinaryPrimitives.ReadInt32LittleEndian(body[(position + 8)..]);
            position += RecordHeaderSize;
            if (fileOffset < 0 || fileOffset > long.MaxValue - LargestJournal || length <= 0 || length > body.Length - position)
            {
                throw Invalid(diskPath);
            }

            edit.Add(fileOffset, body.Slice(position, length).ToArray());
            position += length;
        }

        return edit;
    }

    private static DiskOperationException Foreign(string diskPath) => new(
        ErrorCode.EditJournalInvalid, diskPath,
        $"'{diskPath}{Suffix}' is the journal of an interrupted change to another disk than the one that is now at '{diskPath}'.",
        "If the disk was replaced on purpose, delete the journal; else put the disk back that it belongs to.");

    private static DiskOperationException Invalid(string diskPath) => new(
        ErrorCode.EditJournalInvalid, diskPath,
        $"'{diskPath}{Suffix}' should be the journal of an interrupted change to the disk, but it is damaged.",
        "The journal is renamed into place only when whole, so something else damaged it. Restore it, or restore the disk from a copy and delete the journal.");
}
