using System.Globalization;
using System.Text;
using System.Text.Json.Nodes;
using AzureVmRole.Engine.Storage;

namespace AzureVmRole.Engine.Cleanup;

/// <summary>
/// The log of a removal: a line of JSON before each deletion and one after it, each on stable storage before the next step.
/// A line "delete" without a successor was interrupted: the blob may be there or not.
/// </summary>
internal sealed class RemovalLog : IDisposable
{
    private readonly string _path;
    private readonly FileStream _file;
    private readonly IOperationLog? _listener;
    private readonly TimeProvider _timeProvider;

    private RemovalLog(string path, FileStream file, IOperationLog? listener, TimeProvider timeProvider)
    {
        _path = path;
        _file = file;
        _listener = listener;
        _timeProvider = timeProvider;
    }

    /// <summary>Opens the log for appending; nobody else can write to it meanwhile.</summary>
    /// <param name="path">The absolute path; null for a new file in the home folder.</param>
    /// <param name="listener">Hears the lines, too.</param>
    /// <param name="timeProvider">The clock.</param>
    /// <exception cref="DiskOperationException">The file cannot be opened for writing.</exception>
    public static RemovalLog Open(string? path, IOperationLog? listener, TimeProvider timeProvider)
    {
        string target = path ?? NewPath(timeProvider.GetUtcNow());
        try
        {
            if (path is null)
            {
                Directory.CreateDirectory(Path.GetDirectoryName(target) ?? "");
            }

            var file = new FileStream(target, FileMode.Append, FileAccess.Write, FileShare.Read, bufferSize: 0);
            return new RemovalLog(target, file, listener, timeProvider);
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            throw WriteFailed(target, exception);
        }
    }

    /// <summary>Writes a line about a blob.</summary>
    /// <param name="action"><c>delete</c> (about to), <c>deleted</c>, <c>kept</c> or <c>failed</c>.</param>
    /// <param name="item">The blob.</param>
    /// <param name="reason">Why.</param>
    /// <param name="keptCopy">The copy that was made of it; null for none.</param>
    /// <exception cref="DiskOperationException">The line cannot be written: nothing more may be deleted.</exception>
    public void Write(string action, OrphanVhd item, string reason, string? keptCopy)
    {
        var line = new JsonObject
        {
            ["time"] = _timeProvider.GetUtcNow().UtcDateTime.ToString("O", CultureInfo.InvariantCulture),
            ["action"] = action,
            ["blob"] = item.Uri.AbsoluteUri,
            ["eTag"] = item.ETag,
            ["length"] = item.Length,
            ["reason"] = reason,
        };
        if (keptCopy is not null)
        {
            line["copy"] = keptCopy;
        }

        try
        {
            _file.Write(Encoding.UTF8.GetBytes(line.ToJsonString() + "\n"));
            _file.Flush(flushToDisk: true);
        }
        catch (IOException exception)
        {
            throw WriteFailed(_path, exception);
        }

        _listener?.WriteDecision($"{item.Name}: {action}: {reason}");
    }

    public void Dispose() => _file.Dispose();

    private static string NewPath(DateTimeOffset now)
    {
        string time = now.UtcDateTime.ToString("yyyyMMdd'T'HHmmss'Z'", CultureInfo.InvariantCulture);
        return Path.Combine(HomeFolder.Path, "removals", $"{time}-{Guid.NewGuid():N}.log");
    }

    private static DiskOperationException WriteFailed(string path, Exception exception) => new(
        ErrorCode.WriteFailed, path, $"The removal log '{path}' cannot be written: {exception.Message}",
        "Give another -LogPath: nothing is deleted without a log.", exception);
}
