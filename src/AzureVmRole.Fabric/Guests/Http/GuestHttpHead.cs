using System.Globalization;
using System.Net;
using System.Text;

namespace AzureVmRole.Fabric.Guests.Http;

/// <summary>The first line of a request, and its headers.</summary>
/// <param name="Method">In upper case.</param>
/// <param name="Target">The path and query as sent.</param>
/// <param name="IsOldVersion">Whether it is HTTP/1.0, where a connection is for one request unless it says otherwise.</param>
/// <param name="Headers">By name in any case.</param>
internal sealed record GuestHttpHead(string Method, string Target, bool IsOldVersion, IReadOnlyDictionary<string, string> Headers)
{
    private const int MostHeaders = 100;

    /// <summary>Whether the connection ends after the answer.</summary>
    public bool IsLast => Headers.TryGetValue("Connection", out string? connection)
        ? connection.Contains("close", StringComparison.OrdinalIgnoreCase) || (IsOldVersion && !connection.Contains("keep-alive", StringComparison.OrdinalIgnoreCase))
        : IsOldVersion;

    /// <summary>Whether the content comes in chunks.</summary>
    public bool IsChunked => Headers.TryGetValue("Transfer-Encoding", out string? coding)
        && (coding.Equals("chunked", StringComparison.OrdinalIgnoreCase) ? true : throw new GuestHttpException(HttpStatusCode.NotImplemented));

    /// <summary>The length that it says its content has; 0 when it says nothing.</summary>
    /// <exception cref="GuestHttpException">It is no number, or too large.</exception>
    public int Length
    {
        get
        {
            if (!Headers.TryGetValue("Content-Length", out string? text))
            {
                return 0;
            }

            return !long.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out long length) ? throw new GuestHttpException(HttpStatusCode.BadRequest)
                : length > GuestHttp.LongestBody ? throw new GuestHttpException(HttpStatusCode.RequestEntityTooLarge) : (int)length;
        }
    }

    /// <summary>Reads the lines of a head, without the empty one at its end.</summary>
    /// <exception cref="GuestHttpException">They are no request.</exception>
    public static GuestHttpHead Parse(ReadOnlySpan<byte> text)
    {
        string[] lines = Encoding.Latin1.GetString(text).Split("\r\n");
        string[] words = lines[0].Split(' ');
        bool isRequest = words is [{ Length: > 0 }, ['/', ..] or ['h', ..], "HTTP/1.1" or "HTTP/1.0"] && words[0].All(char.IsAsciiLetter);
        if (!isRequest || lines.Length > MostHeaders)
        {
            throw new GuestHttpException(HttpStatusCode.BadRequest);
        }

        var headers = new Dictionary<string, string>(StringComparer.OrdinalIgnoreCase);
        foreach (string line in lines.Skip(1))
        {
            int colon = line.IndexOf(':', StringComparison.Ordinal);
            string name = colon > 0 ? line[..colon] : throw new GuestHttpException(HttpStatusCode.BadRequest);
            if (name.AsSpan().ContainsAny(" \t"))
            {
                throw new GuestHttpException(HttpStatusCode.BadRequest);
            }

            headers[name] = line[(colon + 1)..].Trim();
        }

        // Two lengths are how one request is made to look like two.
        return headers.ContainsKey("Content-Length") && headers.ContainsKey("Transfer-Encoding")
            ? throw new GuestHttpException(HttpStatusCode.BadRequest)
            : new GuestHttpHead(words[0].ToUpperInvariant(), words[1], words[2] == "HTTP/1.0", headers);
    }

    /// <summary>The request as services get it.</summary>
    public GuestRequest ToRequest(IPEndPoint server, ReadOnlyMemory<byte> body)
    {
        // A proxy's form of the target names the server, too.
        string target = Target;
        if (Target[0] != '/')
        {
            int host = Target.IndexOf("://", StringComparison.Ordinal);
            int path = host < 0 ? throw new GuestHttpException(HttpStatusCode.BadRequest) : Target.IndexOf('/', host + 3);
            target = path < 0 ? "/" : Target[path..];
        }

        int mark = target.IndexOf('?', StringComparison.Ordinal);
        string query = mark < 0 ? "" : target[(mark + 1)..];
        var parameters = new Dictionary<string, string>(StringComparer.OrdinalIgnoreCase);
        foreach (string part in query.Split('&', StringSplitOptions.RemoveEmptyEntries))
        {
            int equals = part.IndexOf('=', StringComparison.Ordinal);
            parameters[WebUtility.UrlDecode(equals < 0 ? part : part[..equals])] = equals < 0 ? "" : WebUtility.UrlDecode(part[(equals + 1)..]);
        }

        return new GuestRequest(server, Method, Uri.UnescapeDataString(mark < 0 ? target : target[..mark]), parameters, Headers, body);
    }
}
