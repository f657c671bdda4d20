using System.Globalization;
using System.Text;

namespace AzureVmRole.TestKit.Faults;

/// <summary>The first line and the headers of an HTTP/1.1 message (RFC 9112, sections 2 to 5).</summary>
internal sealed class MessageHead(string firstLine, List<KeyValuePair<string, string>> headers)
{
    private const int Limit = 64 << 10;

    private static readonly byte[] End = "\r\n\r\n"u8.ToArray();

    public string FirstLine { get; } = firstLine;

    public long? ContentLength => this["Content-Length"] is { } text ? long.Parse(text, CultureInfo.InvariantCulture) : null;

    public string? this[string name]
    {
        get => headers.Find(header => header.Key.Equals(name, StringComparison.OrdinalIgnoreCase)).Value;
        set
        {
            headers.RemoveAll(header => header.Key.Equals(name, StringComparison.OrdinalIgnoreCase));
            if (value is not null)
            {
                headers.Add(new KeyValuePair<string, string>(name, value));
            }
        }
    }

    /// <summary>Reads a head and no byte more; null when the peer has ended the connection before its first byte.</summary>
    public static async Task<MessageHead?> ReadAsync(BufferedConnection connection, CancellationToken cancellationToken)
    {
        int length;
        while ((length = connection.Buffered.Span.IndexOf(End)) < 0)
        {
            if (connection.Buffered.Length > Limit)
            {
                throw new InvalidDataException($"The head of a message is longer than {Limit} bytes.");
            }

            bool isAtStart = connection.Buffered.IsEmpty;
            if (!await connection.FillAsync(cancellationToken))
            {
                return isAtStart ? null : throw new EndOfStreamException("A connection ended inside the head of a message.");
            }
        }

        string[] lines = Encoding.Latin1.GetString(connection.Buffered.Span[..length]).Split("\r\n");
        connection.Consume(length + End.Length);
        return new MessageHead(lines[0], lines.Skip(1).Select(Split).ToList());
    }

    public byte[] ToBytes()
    {
        StringBuilder text = new StringBuilder(FirstLine).Append("\r\n");
        foreach (KeyValuePair<string, string> header in headers)
        {
            text.Append(header.Key).Append(": ").Append(header.Value).Append("\r\n");
        }

        return Encoding.Latin1.GetBytes(text.Append("\r\n").ToString());
    }

    private static KeyValuePair<string, string> Split(string line)
    {
        int colon = line.IndexOf(':', StringComparison.Ordinal);
        return new KeyValuePair<string, string>(line[..colon], line[(colon + 1)..].Trim());
    }
}
