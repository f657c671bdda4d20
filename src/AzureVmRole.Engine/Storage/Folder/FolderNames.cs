using System.Globalization;
using System.Text;

namespace AzureVmRole.Engine.Storage.Folder;

/// <summary>
/// How names of containers and blobs become names of folders and files, and back. What some file system does not allow is
/// percent-encoded, so that a store can be copied between systems: control characters, <c>" * : &lt; &gt; ? \ |</c> and <c>%</c>, a dot or
/// space at the end of a segment (which covers <c>.</c> and <c>..</c>), and the first letter of a Windows device name. A segment
/// without characters is <c>%_</c>.
/// </summary>
internal static class FolderNames
{
    private const int LongestSegmentInBytes = 255; // NAME_MAX of the file systems in use.
    private const string Reserved = "\"*:<>?\\|%";
    private const string EmptySegment = "%_";

    private static readonly string[] Devices = ["CON", "PRN", "AUX", "NUL"];
    private static readonly string[] NumberedDevices = ["COM", "LPT"];

    /// <summary>Refuses a container's name that Azure would refuse.</summary>
    public static void CheckContainer(string container)
    {
        if (BlobNameRules.FindContainerFault(container) is { } fault)
        {
            throw new TransferException(
                ErrorCode.AddressInvalid, container, $"'{container}' cannot name a container: {fault}.", "Give a name such as 'vhds'.");
        }
    }

    /// <summary>A blob's path below the store's folder, with the system's separators.</summary>
    /// <exception cref="TransferException">The name cannot be stored.</exception>
    public static string Encode(BlobName name)
    {
        CheckContainer(name.Container);
        if (name.Name.Length is 0 or > BlobNameRules.LongestName)
        {
            throw Invalid(name, $"it has {name.Name.Length} characters, 1 to {BlobNameRules.LongestName} are allowed");
        }

        var path = new StringBuilder(name.Container);
        foreach (string segment in name.Name.Split('/'))
        {
            string encoded = EncodeSegment(name, segment);
            if (Encoding.UTF8.GetByteCount(encoded) > LongestSegmentInBytes)
            {
                throw Invalid(name, $"the part '{segment}' is longer than the {LongestSegmentInBytes} bytes that a file's name may have");
            }

            path.Append(Path.DirectorySeparatorChar).Append(encoded);
        }

        return path.ToString();
    }

    /// <summary>The blob that a path below the store's folder stands for; null when it is none of ours.</summary>
    public static BlobName? Decode(string relativePath)
    {
        string[] segments = relativePath.Split(Path.DirectorySeparatorChar, Path.AltDirectorySeparatorChar);
        if (segments.Length < 2 || segments.Contains("", StringComparer.Ordinal))
        {
            return null;
        }

        var name = new BlobName(segments[0], string.Join('/', segments[1..].Select(DecodeSegment)));
        try
        {
            return Encode(name).Equals(string.Join(Path.DirectorySeparatorChar, segments), StringComparison.Ordinal) ? name : null;
        }
        catch (TransferException)
        {
            return null;
        }
    }

    private static string EncodeSegment(BlobName name, string segment)
    {
        if (segment.Length == 0)
        {
            return EmptySegment;
        }

        var encoded = new StringBuilder(segment.Length);
        for (int index = 0; index < segment.Length; index++)
        {
            char character = segment[index];
            bool isLast = index == segment.Length - 1;
            bool isPair = char.IsHighSurrogate(character) && !isLast && char.IsLowSurrogate(segment[index + 1]);
            if (char.IsSurrogate(character) && !isPair)
            {
                throw Invalid(name, $"character {index + 1} of the part '{segment}' is half a character");
            }

            if (isPair)
            {
                encoded.Append(character).Append(segment[++index]);
            }
            else if (char.IsAsciiLetterOrDigit(character) ? index == 0 && IsDevice(segment) : MustEncode(character, isLast))
            {
                encoded.Append(CultureInfo.InvariantCulture, $"%{(int)character:X2}");
            }
            else
            {
                encoded.Append(character);
            }
        }

        return encoded.ToString();
    }

    private static bool MustEncode(char character, bool isLast) =>
        character < ' ' || character == '\x7F' || Reserved.Contains(character, StringComparison.Ordinal) || (isLast && character is ('.' or ' '));

    private static bool IsDevice(string segment)
    {
        string stem = segment.Split('.')[0].TrimEnd(' ');
        return Devices.Contains(stem, StringComparer.OrdinalIgnoreCase)
            || (stem.Length == 4 && NumberedDevices.Contains(stem[..3], StringComparer.OrdinalIgnoreCase)
                && (char.IsAsciiDigit(stem[3]) || stem[3] is '¹' or '²' or '³'));
    }

    private static string DecodeSegment(string segment)
    {
        if (segment == EmptySegment)
        {
            return "";
        }

        var decoded = new StringBuilder(segment.Length);
        for (int index = 0; index < segment.Length; index++)
        {
            if (segment[index] == '%' && index + 2 <= segment.Length - 1
                && byte.TryParse(segment.AsSpan(index + 1, 2), NumberStyles.AllowHexSpecifier, CultureInfo.InvariantCulture, out byte code))
            {
                decoded.Append((char)code);
                index += 2;
            }
            else
            {
                decoded.Append(segment[index]);
            }
        }

        return decoded.ToString();
    }

    private static TransferException Invalid(BlobName name, string reason) => new(
        ErrorCode.AddressInvalid, name.ToString(), $"'{name}' cannot be stored in a folder: {reason}.", "Give the blob another name.");
}
