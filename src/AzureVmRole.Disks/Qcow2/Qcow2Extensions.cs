using System.Buffers.Binary;
using System.Text;

namespace AzureVmRole.Disks.Qcow2;

/// <summary>"Header extensions": the optional sections after the header.</summary>
internal sealed record Qcow2Extensions
{
    private const uint EndOfExtensions = 0;
    private const uint BackingFormatType = 0xE2792ACA;
    private const uint FeatureNamesType = 0x6803F857;
    private const int ExtensionHeaderSize = 8;
    private const int FeatureNameEntrySize = 48;
    private const byte IncompatibleFeatureType = 0;

    /// <summary>The format of the backing file, as QEMU names it; empty where the file does not tell.</summary>
    public string BackingFormat { get; private init; } = "";

    /// <summary>The names of incompatible features by bit number.</summary>
    public IReadOnlyDictionary<int, string> FeatureNames { get; private init; } = new Dictionary<int, string>();

    /// <summary>Reads the extensions.</summary>
    /// <param name="path">The file, for errors.</param>
    /// <param name="area">What follows the header, up to the backing file's name or the end of the first cluster.</param>
    /// <param name="areaOffset">Where that is in the file.</param>
    /// <exception cref="DiskFormatException">An extension is longer than the area.</exception>
    public static Qcow2Extensions Parse(string path, ReadOnlySpan<byte> area, long areaOffset)
    {
        var extensions = new Qcow2Extensions();
        int position = 0;
        while (area.Length - position >= ExtensionHeaderSize)
        {
            uint type = BinaryPrimitives.ReadUInt32BigEndian(area[position..]);
            uint length = BinaryPrimitives.ReadUInt32BigEndian(area[(position + 4)..]);
            if (type == EndOfExtensions)
            {
                break;
            }

            position += ExtensionHeaderSize;
            if (length > area.Length - position)
            {
                throw Qcow2Errors.Header(
                    path, $"length of header extension 0x{type:X8}", areaOffset + position - 4, length,
                    $"at most {area.Length - position}");
            }

            extensions = extensions.With(type, area.Slice(position, (int)length));
            position = (int)Math.Min(position + (((long)length + 7) / 8 * 8), area.Length);
        }

        return extensions;
    }

    private static Dictionary<int, string> ParseFeatureNames(ReadOnlySpan<byte> data)
    {
        var names = new Dictionary<int, string>();
        for (; data.Length >= FeatureNameEntrySize; data = data[FeatureNameEntrySize..])
        {
            if (data[0] == IncompatibleFeatureType)
            {
                names[data[1]] = Encoding.UTF8.GetString(data[2..FeatureNameEntrySize]).TrimEnd('\0');
            }
        }

        return names;
    }

    private Qcow2Extensions With(uint type, ReadOnlySpan<byte> data) => type switch
    {
        BackingFormatType => this with { BackingFormat = Encoding.UTF8.GetString(data) },
        FeatureNamesType => this with { FeatureNames = ParseFeatureNames(data) },
        _ => this,
    };
}
