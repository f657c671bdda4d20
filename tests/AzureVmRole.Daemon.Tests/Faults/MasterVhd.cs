using AzureVmRole.Disks.Vhd;
using AzureVmRole.Engine.Storage;

namespace AzureVmRole.Daemon.Tests.Faults;

/// <summary>The VHD that the load makes everything of: data at places spread over it, its end among them.</summary>
internal static class MasterVhd
{
    public const string BlobText = "vhds/master.vhd";
    public const long Size = 64L << 20;

    private const int Pieces = 8;
    private const int PieceLength = 1 << 20;

    private static readonly byte[] Nothing = new byte[PieceLength];
    private static readonly byte[][] Contents = [.. Enumerable.Range(0, Pieces).Select(MakeContent)];

    public static BlobName Name { get; } = new("vhds", "master.vhd");

    /// <summary>Writes it into a store.</summary>
    public static async Task UploadAsync(IBlobStore store, CancellationToken cancellationToken)
    {
        await store.CreateContainerAsync(Name.Container, cancellationToken);
        await store.CreateAsync(Name, Size + FixedVhdFooter.SizeInBytes, new Dictionary<string, string>(StringComparer.Ordinal), default, cancellationToken);
        for (int piece = 0; piece < Pieces; piece++)
        {
            await store.WritePagesAsync(Name, OffsetOf(piece), Contents[piece], default, cancellationToken);
        }

        ReadOnlyMemory<byte> footer = FixedVhdFooter.Create(Size, Guid.NewGuid(), DateTime.UnixEpoch.AddYears(50)).Bytes;
        await store.WritePagesAsync(Name, Size, footer, default, cancellationToken);
    }

    /// <summary>Says what a VHD has that it should not have, or lacks; null when its footer and its content are right.</summary>
    /// <param name="path">Its file.</param>
    /// <param name="isEmpty">Whether it has to be empty; else it begins with this disk's content.</param>
    /// <param name="uniqueId">The id that its footer has to have; null for any.</param>
    public static string? FindFault(string path, bool isEmpty, string? uniqueId)
    {
        using FileStream file = File.Open(path, FileMode.Open, FileAccess.Read, FileShare.ReadWrite | FileShare.Delete);
        long size = file.Length - FixedVhdFooter.SizeInBytes;
        byte[] buffer = new byte[PieceLength];
        if (size <= 0)
        {
            return $"has {file.Length} bytes";
        }

        Read(file, size, buffer.AsSpan(0, FixedVhdFooter.SizeInBytes));
        if (!FixedVhdFooter.TryParse(buffer.AsSpan(0, FixedVhdFooter.SizeInBytes), size, out FixedVhdFooter? footer, out string? problem))
        {
            return $"is no VHD: {problem}";
        }

        if (uniqueId is not null && footer.Identifier.ToString("D") != uniqueId)
        {
            return $"has the unique id {footer.Identifier}, expected {uniqueId}";
        }

        for (int piece = 0; piece < Pieces; piece++)
        {
            Read(file, OffsetOf(piece), buffer);
            if (!buffer.AsSpan().SequenceEqual(isEmpty ? Nothing : Contents[piece]))
            {
                return $"has other content at {OffsetOf(piece)}";
            }
        }

        return null;
    }

    private static long OffsetOf(int piece) => (Size / Pieces * (piece + 1)) - PieceLength;

    private static byte[] MakeContent(int piece)
    {
        byte[] content = new byte[PieceLength];
        new Random(piece + 1).NextBytes(content);
        return content;
    }

    private static void Read(FileStream file, long offset, Span<byte> buffer)
    {
        file.Position = offset;
        file.ReadExactly(buffer);
    }
}
