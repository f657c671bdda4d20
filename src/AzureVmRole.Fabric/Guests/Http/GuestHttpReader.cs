using System.Globalization;
using System.Net;
using System.Text;

namespace AzureVmRole.Fabric.Guests.Http;

/// <summary>Reads requests from a connection. Takes memory for what has come, never for what was announced.</summary>
internal sealed class GuestHttpReader(Stream stream)
{
    private const int Step = 8 << 10;
    private const int LongestLine = 64;

    private byte[] _buffer = new byte[Step];
    private int _start;
    private int _end;

    /// <summary>Reads the head of the next request; null at the end of the connection.</summary>
    /// <exception cref="GuestHttpException">What came is none, or is too long.</exception>
    public async Task<GuestHttpHead?> ReadHeadAsync(CancellationToken cancellationToken)
    {
        while (true)
        {
            // Empty lines before a request are left out (RFC 9112 section 2.2).
            while (_end - _start >= 2 && _buffer[_start] == '\r' && _buffer[_start + 1] == '\n')
            {
                _start += 2;
            }

            int length = _buffer.AsSpan(_start.._end).IndexOf("\r\n\r\n"u8);
            if (length >= 0)
            {
                var head = GuestHttpHead.Parse(_buffer.AsSpan(_start, length));
                _start += length + 4;
                return head;
            }

            if (_end - _start > GuestHttp.LongestHead)
            {
                throw new GuestHttpException(HttpStatusCode.RequestHeaderFieldsTooLarge);
            }

            if (!await FillAsync(cancellationToken).ConfigureAwait(false))
            {
                return null;
            }
        }
    }

    /// <summary>Reads the content that belongs to a head.</summary>
    /// <exception cref="GuestHttpException">It is too long, or broken off.</exception>
    public async Task<ReadOnlyMemory<byte>> ReadBodyAsync(GuestHttpHead head, CancellationToken cancellationToken)
    {
        using var body = new MemoryStream();
        if (!head.IsChunked)
        {
            await ReadAsync(body, head.Length, cancellationToken).ConfigureAwait(false);
            return body.ToArray();
        }

        while (await ReadChunkLengthAsync(cancellationToken).ConfigureAwait(false) is > 0 and int length)
        {
            if (body.Length + length > GuestHttp.LongestBody)
            {
                throw new GuestHttpException(HttpStatusCode.RequestEntityTooLarge);
            }

            await ReadAsync(body, length, cancellationToken).ConfigureAwait(false);
            await ReadLineAsync(cancellationToken).ConfigureAwait(false);
        }

        while ((await ReadLineAsync(cancellationToken).ConfigureAwait(false)).Length > 0)
        {
            // Trailers say nothing that anybody here wants to know.
        }

        return body.ToArray();
    }

    private async Task<int> ReadChunkLengthAsync(CancellationToken cancellationToken)
    {
        string line = await ReadLineAsync(cancellationToken).ConfigureAwait(false);
        string digits = line.Split(';')[0].Trim();
        return int.TryParse(digits, NumberStyles.AllowHexSpecifier, CultureInfo.InvariantCulture, out int length) && length is >= 0 and <= GuestHttp.LongestBody
            ? length
            : throw new GuestHttpException(HttpStatusCode.BadRequest);
    }

    private async Task<string> ReadLineAsync(CancellationToken cancellationToken)
    {
        while (true)
        {
            int length = _buffer.AsSpan(_start.._end).IndexOf("\r\n"u8);
            if (length > LongestLine || (length < 0 && _end - _start > LongestLine))
            {
                throw new GuestHttpException(HttpStatusCode.BadRequest);
            }

            if (length >= 0)
            {
                string line = Encoding.Latin1.GetString(_buffer, _start, length);
                _start += length + 2;
                return line;
            }

            await FillOrThrowAsync(cancellationToken).ConfigureAwait(false);
        }
    }

    private async Task ReadAsync(MemoryStream target, int length, CancellationToken cancellationToken)
    {
        while (length > 0)
        {
            if (_start == _end)
            {
                await FillOrThrowAsync(cancellationToken).ConfigureAwait(false);
            }

            int count = Math.Min(length, _end - _start);
            target.Write(_buffer.AsSpan(_start, count));
            _start += count;
            length -= count;
        }
    }

    private async Task FillOrThrowAsync(CancellationToken cancellationToken)
    {
        if (!await FillAsync(cancellationToken).ConfigureAwait(false))
        {
            throw new GuestHttpException(HttpStatusCode.BadRequest);
        }
    }

    private async Task<bool> FillAsync(CancellationToken cancellationToken)
    {
        if (_start > 0)
        {
            _buffer.AsSpan(_start.._end).CopyTo(_buffer);
            _end -= _start;
            _start = 0;
        }

        if (_end == _buffer.Length)
        {
            Array.Resize(ref _buffer, _buffer.Length + Step);
        }

        int read = await stream.ReadAsync(_buffer.AsMemory(_end), cancellationToken).ConfigureAwait(false);
        _end += read;
        return read > 0;
    }
}
