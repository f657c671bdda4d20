using System.Text;

namespace AzureVmRole.Daemon.Arm;

/// <summary>
/// Takes a request's path apart, as it was sent: each part is decoded once and by itself, and none can mean more than a name. Nothing that a file system
/// or another decoder could read as a path gets past here.
/// </summary>
internal static class ArmPath
{
    /// <summary>The most parts of a path.</summary>
    public const int MostParts = 32;

    /// <summary>The most characters of a part.</summary>
    public const int LongestPart = 260;

    private static readonly UTF8Encoding Strict = new(encoderShouldEmitUTF8Identifier: false, throwOnInvalidBytes: true);

    /// <summary>The decoded parts of a path; a slash at the end counts for nothing.</summary>
    /// <param name="target">The path as it was sent, without the query.</param>
    /// <exception cref="FabricException">It is none that the fabric accepts.</exception>
    public static string[] Parse(string target)
    {
        if (!target.StartsWith('/'))
        {
            throw ArmErrors.InvalidPath("does not start with '/'");
        }

        // Clients join an endpoint that ends with a slash and a path that starts with one.
        string path = target.Trim('/');
        if (path.Length == 0)
        {
            return [];
        }

        string[] parts = path.Split('/');
        if (parts.Length > MostParts)
        {
            throw ArmErrors.InvalidPath($"has {parts.Length} parts, expected at most {MostParts}");
        }

        for (int index = 0; index < parts.Length; index++)
        {
            parts[index] = Decode(parts[index]);
            Check(parts[index]);
        }

        return parts;
    }

    private static string Decode(string part)
    {
        if (!part.Contains('%', StringComparison.Ordinal))
        {
            return part;
        }

        var bytes = new List<byte>(part.Length);
        for (int index = 0; index < part.Length; index++)
        {
            if (part[index] == '%')
            {
                if (index + 2 >= part.Length || !char.IsAsciiHexDigit(part[index + 1]) || !char.IsAsciiHexDigit(part[index + 2]))
                {
                    throw ArmErrors.InvalidPath("has a '%' without two hexadecimal digits");
                }

                bytes.Add(Convert.ToByte(part.Substring(index + 1, 2), 16));
                index += 2;
            }
            else if (char.IsAscii(part[index]))
            {
                bytes.Add((byte)part[index]);
            }
            else
            {
                throw ArmErrors.InvalidPath("has a letter outside ASCII that is not encoded");
            }
        }

        try
        {
            return Strict.GetString([.. bytes]);
        }
        catch (DecoderFallbackException)
        {
            throw ArmErrors.InvalidPath("is no UTF-8 when decoded");
        }
    }

    private static void Check(string part)
    {
        if (part.Length == 0)
        {
            throw ArmErrors.InvalidPath("has an empty part");
        }

        if (part.Length > LongestPart)
        {
            throw ArmErrors.InvalidPath($"has a part of {part.Length} characters, expected at most {LongestPart}");
        }

        if (part is "." or "..")
        {
            throw ArmErrors.InvalidPath("has a part '.' or '..'");
        }

        if (part.Any(letter => char.IsControl(letter) || letter is '/' or '\\' or '%' or '\uFFFD'))
        {
            throw ArmErrors.InvalidPath("has a part with a control character, '/', '\\' or '%'");
        }
    }
}
