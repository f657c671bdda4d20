using System.Security.Cryptography;

namespace AzureVmRole.Engine.Storage.Publishing;

/// <summary>The MD5 of a whole fixed VHD, zeros and footer included: what the service keeps as Content-MD5.</summary>
internal static class ContentMd5
{
    private const int ReadSize = 1 << 20;

    /// <summary>Computes it from the local disk.</summary>
    public static Task<byte[]> ComputeAsync(
        SourceDisk source, ReadOnlyMemory<byte> footer, TransferMeter meter, CancellationToken cancellationToken) => Task.Run(
        () =>
        {
            using var hash = IncrementalHash.CreateHash(HashAlgorithmName.MD5);
            byte[] buffer = new byte[ReadSize];
            byte[] zeros = new byte[ReadSize];
            long offset = 0;
            foreach (PageRange range in source.EnumerateLeaves(0).Append(new PageRange(source.LengthInBytes, 0)))
            {
                for (; offset < range.Offset; offset += Math.Min(ReadSize, range.Offset - offset))
                {
                    cancellationToken.ThrowIfCancellationRequested();
                    hash.AppendData(zeros, 0, (int)Math.Min(ReadSize, range.Offset - offset));
                }

                while (offset < range.End)
                {
                    cancellationToken.ThrowIfCancellationRequested();
                    Span<byte> piece = buffer.AsSpan(0, (int)Math.Min(ReadSize, range.End - offset));
                    source.Read(offset, piece);
                    hash.AppendData(piece);
                    offset += piece.Length;
                }

                meter.Reach(offset);
            }

            hash.AppendData(footer.Span);
            return hash.GetHashAndReset();
        },
        cancellationToken);
}
