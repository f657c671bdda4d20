using System.Globalization;
using AzureVmRole.Engine.Storage.Content;

namespace AzureVmRole.Engine.Storage.Publishing;

/// <summary>How far an interrupted upload had come for certain.</summary>
/// <param name="Offset">Everything before this offset is in the blob.</param>
/// <param name="Hash">The hash of everything before it.</param>
internal readonly record struct UploadCheckpoint(long Offset, string Hash)
{
    /// <summary>Reads the note in a blob's metadata; null where there is none that can be used.</summary>
    public static UploadCheckpoint? Find(IReadOnlyDictionary<string, string> metadata, long diskLength)
    {
        string[] parts = metadata.GetValueOrDefault(BlobMetadata.Checkpoint, "").Split(':');
        return parts is [var offsetText, var hash]
            && long.TryParse(offsetText, NumberStyles.None, CultureInfo.InvariantCulture, out long offset)
            && offset > 0 && offset <= diskLength && (offset % ContentHasher.SpanSize == 0 || offset == diskLength)
                ? new UploadCheckpoint(offset, hash)
                : null;
    }
}
