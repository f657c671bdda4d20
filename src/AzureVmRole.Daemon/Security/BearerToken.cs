using System.Buffers.Text;
using System.Security.Cryptography;
using System.Text;

namespace AzureVmRole.Daemon.Security;

/// <summary>The secret that every request carries: 32 random bytes in base64url, kept in a file that only its owner can read.</summary>
internal sealed class BearerToken
{
    private const int LengthInBytes = 32;
    private const int ShortestText = 43; // 32 bytes in base64url
    private const int LongestText = 512;
    private const string Scheme = "Bearer ";

    private readonly byte[] _digest;

    private BearerToken(string text) => _digest = Digest(text);

    /// <summary>Reads the token of a file, or makes both.</summary>
    /// <param name="path">The absolute path of the file.</param>
    /// <exception cref="FabricException">The file is not the caller's own, or others can read it, or it holds no token.</exception>
    public static BearerToken Open(string path)
    {
        if (PrivateFile.Read(path, LongestText) is { } content)
        {
            string text = Encoding.ASCII.GetString(content).Trim();
            return text.Length >= ShortestText && text.All(letter => char.IsAsciiLetterOrDigit(letter) || letter is '-' or '_')
                ? new BearerToken(text)
                : throw new FabricException(
                    ErrorCode.AccessDenied, path, $"'{path}' holds no token: expected {ShortestText} or more letters of base64url.", "Remove it; the daemon makes a new one when it starts.");
        }

        string made = Base64Url.EncodeToString(RandomNumberGenerator.GetBytes(LengthInBytes));
        PrivateFile.Write(path, Encoding.ASCII.GetBytes(made + "\n"), overwrite: false);
        return new BearerToken(made);
    }

    /// <summary>Whether an Authorization header carries the token; takes as long for a wrong one as for the right one.</summary>
    public bool IsIn(string? authorization) =>
        authorization is not null
        && authorization.StartsWith(Scheme, StringComparison.OrdinalIgnoreCase)
        && CryptographicOperations.FixedTimeEquals(Digest(authorization[Scheme.Length..].Trim()), _digest);

    private static byte[] Digest(string text) => SHA256.HashData(Encoding.UTF8.GetBytes(text));
}
