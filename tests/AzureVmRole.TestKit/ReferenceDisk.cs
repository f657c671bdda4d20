namespace AzureVmRole.TestKit;

/// <summary>
/// A disk's content held in memory as plain bytes: the independent model that images of every format are compared with.
/// </summary>
public sealed class ReferenceDisk
{
    public ReferenceDisk(int lengthInBytes) => Content = new byte[lengthInBytes];

    /// <summary>The bytes of the disk.</summary>
    public byte[] Content { get; }

    /// <summary>Fills a range with bytes that are different everywhere and never zero.</summary>
    public ReferenceDisk Fill(int offset, int length, int seed)
    {
        for (int index = 0; index < length; index++)
        {
            uint mixed = (uint)(offset + index + (seed * 7919)) * 2654435761u;
            Content[offset + index] = (byte)((mixed >> 24) | 1);
        }

        return this;
    }

    /// <summary>A copy that can be changed without changing this disk.</summary>
    public ReferenceDisk Copy()
    {
        var copy = new ReferenceDisk(Content.Length);
        Content.CopyTo(copy.Content, 0);
        return copy;
    }

    /// <summary>Writes the bytes to a raw file, with holes where a whole 4 KiB is zero.</summary>
    public void SaveRaw(string path)
    {
        using FileStream file = File.Create(path);
        file.SetLength(Content.Length);
        for (int offset = 0; offset < Content.Length; offset += 4096)
        {
            ReadOnlySpan<byte> page = Content.AsSpan(offset, Math.Min(4096, Content.Length - offset));
            if (page.ContainsAnyExcept((byte)0))
            {
                file.Position = offset;
                file.Write(page);
            }
        }
    }
}
