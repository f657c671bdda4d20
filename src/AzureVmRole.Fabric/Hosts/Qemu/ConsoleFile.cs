namespace AzureVmRole.Fabric.Hosts.Qemu;

/// <summary>The file that has a boot's serial console, for people who read it while the guest writes: it grows at its end, and what stood there is never gone for a moment. Beyond what is kept of a console it is replaced whole. Safe for several threads.</summary>
/// <param name="path">The file's absolute path. What an earlier boot left there is replaced at the first writing.</param>
/// <param name="log">The console.</param>
internal sealed class ConsoleFile(string path, ConsoleLog log)
{
    /// <summary>What the name of a file ends with that was not finished.</summary>
    public const string HalfSuffix = ".new";

    private readonly Lock _lock = new();
    private long _length = -1;

    /// <summary>Brings the file up to date.</summary>
    /// <exception cref="IOException">The volume is full, or the file cannot be written.</exception>
    /// <exception cref="UnauthorizedAccessException">The file must not be written.</exception>
    public void Write()
    {
        lock (_lock)
        {
            // Replaced whole: at the first writing of a boot, when the middle of the console is not kept, and when somebody else cut or deleted the file.
            if (new FileInfo(path) is { Exists: true } file && file.Length == _length && log.ReadFrom(_length) is { } news)
            {
                Append(news);
            }
            else
            {
                Replace(log.ToArray());
            }
        }
    }

    private void Append(byte[] news)
    {
        using var stream = new FileStream(path, FileMode.Append, FileAccess.Write, FileShare.ReadWrite | FileShare.Delete);
        stream.Write(news);
        _length += news.Length;
    }

    private void Replace(byte[] content)
    {
        File.WriteAllBytes(path + HalfSuffix, content);
        File.Move(path + HalfSuffix, path, overwrite: true);
        _length = content.Length;
    }
}
