using System.Buffers.Binary;
using System.Security.Cryptography;
using System.Text;

namespace AzureVmRole.Engine.Cleanup;

/// <summary>
/// A disk id and a content hash in 8 bytes each, so that a million of them fit in memory. Two that are taken for one keep a
/// blob too many, never one too few. Zero stands for "not known".
/// </summary>
/// <param name="Disk">The disk's unique id.</param>
/// <param name="Content">The hash of its content.</param>
internal readonly record struct LineageKey(ulong Disk, ulong Content)
{
    /// <summary>Whether nothing is known.</summary>
    public bool IsEmpty => Disk == 0 && Content == 0;

    /// <summary>The key of a disk id and a content hash as metadata has them; null or empty for unknown.</summary>
    public static LineageKey Of(string? disk, string? content) => new(Shorten(disk), Shorten(content));

    private static ulong Shorten(string? text)
    {
        if (string.IsNullOrWhiteSpace(text))
        {
            return 0;
        }

        // Ids are written with and without hyphens and braces, in either case.
        string plain = Guid.TryParse(text, out Guid id) ? id.ToString("N") : text.Trim().ToLowerInvariant();
        Span<byte> hash = stackalloc byte[SHA256.HashSizeInBytes];
        SHA256.HashData(Encoding.UTF8.GetBytes(plain), hash);
        return BinaryPrimitives.ReadUInt64LittleEndian(hash) | 1;
    }
}
