using System.Buffers;

namespace AzureVmRole.Fabric.Guests.Media;

/// <summary>
/// Writes a read-only image for an optical drive that is ISO 9660, Joliet and UDF 1.02 at once: the three kinds of directory name the same sectors. All files lie in the root.
/// The same files at the same time give the same bytes.
/// </summary>
/// <remarks>
/// ECMA-119 (ISO 9660), the Joliet specification, ECMA-167 and OSTA UDF 1.02. Sectors of 2048 bytes: 16–18 descriptors of ISO 9660, 19–21 what says that UDF follows, 32–63 UDF's
/// volume twice, 64–65 its integrity, 70–255 tables and directories of ISO 9660, 256 UDF's anchor, from 257 on UDF's partition with directory and files, last UDF's second anchor.
/// </remarks>
internal sealed class IsoImage
{
    /// <summary>The most files.</summary>
    public const int MostFiles = 64;

    /// <summary>The longest file, in bytes: what one extent of UDF can hold.</summary>
    public const int LongestFile = 0x3FFF_F800;

    private static readonly SearchValues<char> Forbidden = SearchValues.Create("*/:;?\\");

    private readonly IsoLayout _layout;

    /// <summary>Lays out an image.</summary>
    /// <param name="label">The volume's name: 1 to 15 characters of ASCII.</param>
    /// <param name="files">What is in it.</param>
    /// <param name="time">The time of everything in it.</param>
    /// <exception cref="ArgumentException">Too many files, a file too long, a name twice, or a name or label that no such image can hold.</exception>
    public IsoImage(string label, IReadOnlyList<IsoFile> files, DateTimeOffset time)
    {
        if (label.Length is 0 or > 15 || !label.All(char.IsAscii))
        {
            throw new ArgumentException($"The label '{label}' is not 1 to 15 characters of ASCII.", nameof(label));
        }

        if (files.Count > MostFiles)
        {
            throw new ArgumentException($"There are {files.Count} files, at most {MostFiles} are possible.", nameof(files));
        }

        foreach (IsoFile file in files)
        {
            if (file.Name.Length is 0 or > 64 || file.Name.AsSpan().ContainsAny(Forbidden) || file.Name.Any(static sign => char.IsControl(sign) || char.IsSurrogate(sign)))
            {
                throw new ArgumentException($"The name '{file.Name}' cannot be on such an image.", nameof(files));
            }

            if (file.Content.Length > LongestFile)
            {
                throw new ArgumentException($"The file '{file.Name}' has {file.Content.Length} bytes, at most {LongestFile} are possible.", nameof(files));
            }
        }

        if (files.Select(static file => file.Name.ToUpperInvariant()).Distinct(StringComparer.Ordinal).Count() != files.Count)
        {
            throw new ArgumentException("A name is there twice.", nameof(files));
        }

        _layout = new IsoLayout(label, files, time.ToUniversalTime());
    }

    /// <summary>The image's length in bytes.</summary>
    public long Length => (long)_layout.SectorCount * IsoBytes.SectorSize;

    /// <summary>Writes the image; memory for one part at a time.</summary>
    public void WriteTo(Stream stream)
    {
        byte[] front = new byte[IsoLayout.PartitionSector * IsoBytes.SectorSize];
        new IsoDirectories(_layout).WriteTo(front);
        new UdfVolume(_layout).WriteTo(front);
        stream.Write(front);
        var partition = new UdfPartition(_layout);
        byte[] head = new byte[(_layout.FirstContentSector - IsoLayout.PartitionSector) * IsoBytes.SectorSize];
        partition.WriteTo(head);
        stream.Write(head);
        byte[] padding = new byte[IsoBytes.SectorSize];
        foreach (IsoFile file in _layout.Files)
        {
            stream.Write(file.Content.Span);
            int rest = file.Content.Length % IsoBytes.SectorSize;
            stream.Write(padding.AsSpan(0, rest == 0 ? 0 : IsoBytes.SectorSize - rest));
        }

        byte[] anchor = new byte[IsoBytes.SectorSize];
        UdfVolume.WriteAnchor(anchor, (uint)_layout.SectorCount - 1);
        stream.Write(anchor);
    }
}
