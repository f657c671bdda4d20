namespace AzureVmRole.Engine.Storage.Content;

/// <summary>A run of a disk that holds data, on its way through a <see cref="ContentHasher"/>.</summary>
internal sealed class ContentPiece(long offset, int length)
{
    private volatile bool _isComplete;

    /// <summary>Where it starts on the disk, in bytes.</summary>
    public long Offset { get; } = offset;

    /// <summary>Its length in bytes.</summary>
    public int Length { get; } = length;

    /// <summary>Whether it may count as transferred.</summary>
    public bool IsComplete => _isComplete;

    /// <summary>The hashes of its leaves.</summary>
    public byte[][] Leaves { get; private set; } = [];

    /// <summary>Hashes the piece; before or while its bytes travel.</summary>
    public void Hash(ReadOnlySpan<byte> data)
    {
        ArgumentOutOfRangeException.ThrowIfNotEqual(data.Length, Length, nameof(data));
        byte[][] leaves = new byte[(Length + ContentHasher.LeafSize - 1) / ContentHasher.LeafSize][];
        for (int index = 0; index < leaves.Length; index++)
        {
            int start = index * ContentHasher.LeafSize;
            ReadOnlySpan<byte> leaf = data[start..Math.Min(start + ContentHasher.LeafSize, Length)];
            leaves[index] = ContentHasher.HashLeaf(leaf);
        }

        Leaves = leaves;
    }

    /// <summary>Takes the hashes of its leaves from whoever had the bytes in the processor's cache.</summary>
    public void Take(byte[][] leaves)
    {
        ArgumentOutOfRangeException.ThrowIfNotEqual(leaves.Length, (Length + ContentHasher.LeafSize - 1) / ContentHasher.LeafSize, nameof(leaves));
        Leaves = leaves;
    }

    /// <summary>Whether a leaf of the piece, which was hashed, is a whole one of zeros.</summary>
    public bool IsZeroLeaf(int index) => ContentHasher.IsZeroLeaf(Leaves[index]);

    /// <summary>Says that the bytes have arrived; the piece has been hashed.</summary>
    public void Complete() => _isComplete = true;
}
