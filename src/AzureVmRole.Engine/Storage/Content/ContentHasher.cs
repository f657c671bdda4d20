using System.Buffers.Binary;
using System.IO.Hashing;

namespace AzureVmRole.Engine.Storage.Content;

/// <summary>
/// Hashes the content of a disk while its data passes in pieces, from several threads; what is never announced is zeros, which
/// cost next to nothing. XXH128 in three levels (docs/formats/content-hash.md): leaves of 64 KiB, spans of 64 leaves, the disk.
/// </summary>
internal sealed class ContentHasher
{
    /// <summary>The unit that is hashed by itself, in bytes.</summary>
    public const int LeafSize = 64 * 1024;

    /// <summary>The bytes of a disk that one second-level hash stands for.</summary>
    public const int SpanSize = LeavesPerSpan * LeafSize;

    private const int LeavesPerSpan = 64;
    private static readonly byte[] ZeroLeaf = XxHash128.Hash(new byte[LeafSize]);
    private static readonly byte[] ZeroSpan = XxHash128.Hash(Repeat(ZeroLeaf, LeavesPerSpan));

    private readonly Lock _lock = new();
    private readonly Queue<ContentPiece> _pieces = new();
    private readonly XxHash128 _disk = new();
    private readonly XxHash128 _span = new();
    private readonly long _lengthInBytes;
    private long _announced;
    private long _folded;

    /// <summary>Starts the hash of a disk.</summary>
    /// <param name="lengthInBytes">The virtual size, a multiple of 512.</param>
    public ContentHasher(long lengthInBytes)
    {
        _lengthInBytes = lengthInBytes;
        Span<byte> header = stackalloc byte["AzureVmRole content 2\n".Length + sizeof(long)];
        "AzureVmRole content 2\n"u8.CopyTo(header);
        BinaryPrimitives.WriteInt64LittleEndian(header[^sizeof(long)..], lengthInBytes);
        _disk.Append(header);
    }

    /// <summary>
    /// Says that a piece with data comes next: everything between the piece before and this one is zeros. Pieces are announced
    /// in order, by one thread; they may be completed in any order.
    /// </summary>
    /// <param name="offset">Where it starts, a multiple of <see cref="LeafSize"/>.</param>
    /// <param name="length">How long it is: whole leaves, except at the end of the disk.</param>
    public ContentPiece Announce(long offset, int length)
    {
        ArgumentOutOfRangeException.ThrowIfNotEqual(offset % LeafSize, 0, nameof(offset));
        ArgumentOutOfRangeException.ThrowIfGreaterThan(offset + length, _lengthInBytes, nameof(length));
        var piece = new ContentPiece(offset, length);
        lock (_lock)
        {
            ArgumentOutOfRangeException.ThrowIfLessThan(offset, _announced, nameof(offset));
            _announced = offset + length;
            _pieces.Enqueue(piece);
        }

        return piece;
    }

    /// <summary>Folds in every piece that is complete, in order. Call after <see cref="ContentPiece.Complete"/>.</summary>
    public void Fold()
    {
        lock (_lock)
        {
            while (_pieces.TryPeek(out ContentPiece? piece) && piece.IsComplete)
            {
                FoldZeros(piece.Offset);
                foreach (byte[] leaf in piece.Leaves)
                {
                    FoldLeaf(leaf);
                }

                _pieces.Dequeue();
            }
        }
    }

    /// <summary>
    /// The longest prefix of whole spans in which every piece is complete, and its hash: what an interrupted transfer has
    /// for certain.
    /// </summary>
    /// <returns>The prefix' length in bytes, a multiple of <see cref="SpanSize"/> or all of the disk, and its hash in hexadecimal.</returns>
    public (long Offset, string Hash) GetPrefix()
    {
        lock (_lock)
        {
            // At the end of the disk, the last span counts although it may be shorter.
            long offset = _folded == _lengthInBytes ? _folded : _folded / SpanSize * SpanSize;
            return (offset, Convert.ToHexStringLower(_disk.GetCurrentHash()));
        }
    }

    /// <summary>Takes everything up to <paramref name="offset"/> that was not announced as zeros.</summary>
    public void FoldZerosTo(long offset)
    {
        lock (_lock)
        {
            if (_pieces.Count == 0)
            {
                _announced = Math.Max(_announced, offset);
                FoldZeros(offset);
            }
        }
    }

    /// <summary>The hash of the disk in hexadecimal; every piece has been completed.</summary>
    public string Finish()
    {
        Fold();
        lock (_lock)
        {
            if (_pieces.Count > 0)
            {
                throw new InvalidOperationException("A piece was announced and not completed.");
            }

            FoldZeros(_lengthInBytes);
            return Convert.ToHexStringLower(_disk.GetCurrentHash());
        }
    }

    /// <summary>The hash of one leaf; a whole leaf of zeros always gives the same array.</summary>
    internal static byte[] HashLeaf(ReadOnlySpan<byte> leaf) =>
        leaf.Length == LeafSize && !leaf.ContainsAnyExcept((byte)0) ? ZeroLeaf : XxHash128.Hash(leaf);

    /// <summary>Whether a hash that <see cref="HashLeaf"/> gave is that of a whole leaf of zeros.</summary>
    internal static bool IsZeroLeaf(byte[] leafHash) => ReferenceEquals(leafHash, ZeroLeaf);

    private static byte[] Repeat(byte[] hash, int count)
    {
        byte[] all = new byte[hash.Length * count];
        for (int index = 0; index < count; index++)
        {
            hash.CopyTo(all, index * hash.Length);
        }

        return all;
    }

    private void FoldZeros(long end)
    {
        while (_folded < end)
        {
            if (_folded % SpanSize == 0 && end - _folded >= SpanSize)
            {
                _disk.Append(ZeroSpan);
                _folded += SpanSize;
                continue;
            }

            long left = _lengthInBytes - _folded;
            FoldLeaf(left >= LeafSize ? ZeroLeaf : XxHash128.Hash(new byte[(int)left]));
        }
    }

    private void FoldLeaf(byte[] leaf)
    {
        _span.Append(leaf);
        _folded = Math.Min(_folded + LeafSize, _lengthInBytes);
        if (_folded % SpanSize == 0 || _folded == _lengthInBytes)
        {
            _disk.Append(_span.GetHashAndReset());
        }
    }
}
