namespace AzureVmRole.Disks.Files;

/// <summary>Writes a small file whole or not at all.</summary>
internal static class SmallFile
{
    /// <summary>Puts the file on stable storage under its name, replacing an older one.</summary>
    /// <exception cref="DiskOperationException">The file could not be written.</exception>
    public static void Write(string path, ReadOnlySpan<byte> content)
    {
        string temporary = OutputFile.TemporaryPath(path);
        using (var file = DiskFile.Create(temporary, path))
        {
            file.Write(0, content);
            file.Flush();
        }

        File.Move(temporary, path, overwrite: true);
        FolderEntries.Flush(path);
    }
}
