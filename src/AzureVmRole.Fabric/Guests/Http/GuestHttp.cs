using System.Globalization;
using System.Net;
using System.Text;

namespace AzureVmRole.Fabric.Guests.Http;

/// <summary>
/// As much of HTTP/1.1 (RFC 9112) as agents speak: requests one after the other on a connection, with a content of known length or in chunks. What is longer than the limits,
/// or no HTTP, is answered with its status and ends the connection.
/// </summary>
internal static class GuestHttp
{
    /// <summary>The longest request line and headers together.</summary>
    public const int LongestHead = 64 << 10;

    /// <summary>The longest content.</summary>
    public const int LongestBody = 8 << 20;

    /// <summary>Answers requests until the guest or an error ends the connection.</summary>
    /// <param name="stream">The connection.</param>
    /// <param name="server">Where the guest thinks that it is.</param>
    /// <param name="service">Answers.</param>
    /// <param name="cancellationToken">Ends the serving.</param>
    /// <exception cref="IOException">The connection broke.</exception>
    public static async Task ServeAsync(Stream stream, IPEndPoint server, IGuestService service, CancellationToken cancellationToken)
    {
        var reader = new GuestHttpReader(stream);
        while (true)
        {
            GuestAnswer answer;
            bool isLast;
            bool isHead = false;
            try
            {
                GuestHttpHead? head = await reader.ReadHeadAsync(cancellationToken).ConfigureAwait(false);
                if (head is null)
                {
                    return;
                }

                if (head.Headers.TryGetValue("Expect", out string? expected) && expected.Equals("100-continue", StringComparison.OrdinalIgnoreCase))
                {
                    await stream.WriteAsync("HTTP/1.1 100 Continue\r\n\r\n"u8.ToArray(), cancellationToken).ConfigureAwait(false);
                }

                ReadOnlyMemory<byte> body = await reader.ReadBodyAsync(head, cancellationToken).ConfigureAwait(false);
                answer = service.Answer(head.ToRequest(server, body));
                isLast = head.IsLast;
                isHead = head.Method == "HEAD";
            }
            catch (GuestHttpException exception)
            {
                answer = new GuestAnswer(exception.Status);
                isLast = true;
            }

            await WriteAsync(stream, answer, isLast, isHead, cancellationToken).ConfigureAwait(false);
            if (isLast)
            {
                return;
            }
        }
    }

    private static async Task WriteAsync(Stream stream, GuestAnswer answer, bool isLast, bool isHead, CancellationToken cancellationToken)
    {
        var head = new StringBuilder();
        head.Append(CultureInfo.InvariantCulture, $"HTTP/1.1 {(int)answer.Status} {answer.Status}\r\n");
        if (answer.ContentType is { } type)
        {
            head.Append(CultureInfo.InvariantCulture, $"Content-Type: {type}\r\n");
        }

        foreach ((string name, string value) in answer.Headers)
        {
            head.Append(CultureInfo.InvariantCulture, $"{name}: {value}\r\n");
        }

        if (answer.Status is not (HttpStatusCode.NotModified or HttpStatusCode.NoContent))
        {
            head.Append(CultureInfo.InvariantCulture, $"Content-Length: {answer.Body.Length}\r\n");
        }

        head.Append(isLast ? "Connection: close\r\n\r\n" : "\r\n");
        await stream.WriteAsync(Encoding.ASCII.GetBytes(head.ToString()), cancellationToken).ConfigureAwait(false);
        if (!isHead)
        {
            await stream.WriteAsync(answer.Body, cancellationToken).ConfigureAwait(false);
        }
    }
}
