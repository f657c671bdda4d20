namespace AzureVmRole.Engine.Storage;

/// <summary>A run of pages. Offsets and lengths are bytes, multiples of 512.</summary>
/// <param name="Offset">Where it starts.</param>
/// <param name="Length">How long it is.</param>
/// <param name="IsClear">In a difference: the pages were cleared, so they are zero.</param>
public readonly record struct PageRange(long Offset, long Length, bool IsClear = false)
{
    /// <summary>The first byte after the range.</summary>
    public long End => Offset + Length;
}
