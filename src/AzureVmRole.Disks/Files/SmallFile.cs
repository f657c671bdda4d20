namespace AzureVmRole.Disks.Files;

/// <summary>Writes a small file beside a disk whole or not at all.</summary>
internal static class SmallFile
{
    /// <summary>Puts the file on stable storage under its name, replacing an older one.</summary>
    /// <param name="path">The absolute path.</param>
    /// <param name="diskPath">The disk that the file is about: errors name it.</param>
    /// <param name="content">What the file holds.</param>
    /// <exception cref="DiskOperationException">The file could not be written.</exception>
    public static void Write(string path, string diskPath, ReadOnlySpan<byte> content)
    {
        string temporary = OutputFile.TemporaryPath(path);
        var file = DiskFile.Create(temporary, diskPath);
        try
        {
            using (file)
            {
                file.Write(0, content);
                file.Flush();
            }

            File.Move(temporary, path, overwrite: true);
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            File.Delete(temporary);
            throw FileErrors.WriteFailed(diskPath, 0, exception);
        }
        catch
        {
            File.Delete(temporary);
            throw;
        }

        FolderEntries.Flush(path);
    }
}
