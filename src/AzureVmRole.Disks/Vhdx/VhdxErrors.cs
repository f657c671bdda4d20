namespace AzureVmRole.Disks.Vhdx;

/// <summary>Builds the errors about VHDX fields, all in one form.</summary>
internal static class VhdxErrors
{
    public const string RestoreAction = "Restore the file from a backup, or copy it again from its source.";

    public static DiskFormatException Invalid(
        ErrorCode code, string path, string field, long fileOffset, string found, string expected,
        string? recommendedAction = RestoreAction) => new(
        code, path, field, fileOffset,
        $"{field} at offset 0x{fileOffset:X} of '{path}' is {found}, expected {expected}.", recommendedAction);

    /// <summary>Checks that enough bytes are there for a structure.</summary>
    public static void CheckLength(ReadOnlySpan<byte> source, int size, string structure, string path, long fileOffset)
    {
        if (source.Length < size)
        {
            throw Invalid(
                ErrorCode.FileTruncated, path, structure, fileOffset, $"{source.Length} bytes long", $"{size} bytes",
                "Get a complete copy of the file.");
        }
    }

    /// <summary>Checks a structure's CRC-32C.</summary>
    public static void CheckChecksum(
        ReadOnlySpan<byte> structure, int checksumOffset, ErrorCode code, string field, string path, long fileOffset)
    {
        uint found = System.Buffers.Binary.BinaryPrimitives.ReadUInt32LittleEndian(structure[checksumOffset..]);
        uint expected = Crc32C.Compute(structure, checksumOffset);
        if (found != expected)
        {
            throw Invalid(code, path, field, fileOffset + checksumOffset, $"0x{found:X8}", $"0x{expected:X8}");
        }
    }
}
