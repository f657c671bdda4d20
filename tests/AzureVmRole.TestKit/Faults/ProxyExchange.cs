using System.Globalization;
using System.Security.Cryptography;

namespace AzureVmRole.TestKit.Faults;

/// <summary>Passes the requests of one client connection on, one after the other.</summary>
internal sealed class ProxyExchange(FaultProxy proxy, BufferedConnection client)
{
    private static readonly byte[] Continue = "HTTP/1.1 100 Continue\r\n\r\n"u8.ToArray();
    private static readonly Fault None = new();

    /// <summary>Handles a request; false when the connection is at its end.</summary>
    public async Task<bool> NextAsync(CancellationToken cancellationToken)
    {
        MessageHead? head = await MessageHead.ReadAsync(client, cancellationToken);
        if (head is null)
        {
            return false;
        }

        ProxiedRequest request = proxy.Note(head);
        Fault fault = proxy.FaultFor(request) ?? None;
        if (fault.Before is not null)
        {
            await fault.Before(request, cancellationToken);
        }

        if (fault.DropsRequest)
        {
            client.Reset();
            return false;
        }

        byte[] body = await ReadBodyAsync(head, request, cancellationToken);
        if ((fault.Answer ?? Check(head, body, fault)) is { } answer)
        {
            request.Status = answer.Status;
            await SendAsync(request, answer.ToBytes(request), cancellationToken);
            return true;
        }

        using BufferedConnection upstream = await BufferedConnection.OpenAsync(proxy.Upstream, cancellationToken);
        bool asksForHash = proxy.ActsAsAzure && head["x-ms-range-get-content-md5"] == "true";
        bool isKept = head["Connection"]?.Equals("close", StringComparison.OrdinalIgnoreCase) != true;
        head["Connection"] = "close";
        await upstream.SendAsync(head.ToBytes(), cancellationToken);
        if (fault.CutsRequestAt is { } cut)
        {
            await upstream.SendAsync(body.AsMemory(0, (int)Math.Min(cut, body.Length)), cancellationToken);
            upstream.Reset();
            client.Reset();
            return false;
        }

        await upstream.SendAsync(body, cancellationToken);
        return await AnswerAsync(request, fault, upstream, asksForHash, cancellationToken) && isKept;
    }

    /// <summary>Corrupts what is to be corrupted; then does the service's check of what has arrived.</summary>
    private InjectedAnswer? Check(MessageHead head, byte[] body, Fault fault)
    {
        if (fault.CorruptsRequestAt is { } offset && body.Length > 0)
        {
            body[Math.Min(offset, body.Length - 1)] ^= 0xFF;
        }

        return proxy.ActsAsAzure && head["Content-MD5"] is { } expected && expected != Md5(body)
            ? new InjectedAnswer(400, "Md5Mismatch")
            : null;
    }

    private async Task<byte[]> ReadBodyAsync(MessageHead head, ProxiedRequest request, CancellationToken cancellationToken)
    {
        if (head["Transfer-Encoding"] is not null)
        {
            throw new NotSupportedException("Requests with a chunked body are not passed on.");
        }

        if (head["Expect"] is not null)
        {
            head["Expect"] = null;
            await client.SendAsync(Continue, cancellationToken);
        }

        byte[] body = new byte[head.ContentLength ?? 0];
        await client.ReadExactlyAsync(body, cancellationToken);
        request.BodyBytesSent = body.Length;
        return body;
    }

    private async Task<bool> AnswerAsync(
        ProxiedRequest request, Fault fault, BufferedConnection upstream, bool asksForHash, CancellationToken cancellationToken)
    {
        MessageHead head = await MessageHead.ReadAsync(upstream, cancellationToken)
            ?? throw new EndOfStreamException("The service ended the connection without an answer.");
        request.Status = int.Parse(head.FirstLine.Split(' ')[1], CultureInfo.InvariantCulture);
        if (fault.LosesAnswer)
        {
            await DrainAsync(upstream, cancellationToken);
            client.Reset();
            return false;
        }

        byte[]? whole = null;
        if (asksForHash && request.Status == 206)
        {
            whole = new byte[head.ContentLength ?? 0];
            await upstream.ReadExactlyAsync(whole, cancellationToken);
            head["Content-MD5"] = Md5(whole);
        }

        long length = request.Method == "HEAD" ? 0 : head.ContentLength ?? long.MaxValue;
        Rewrite(head, request.Method == "HEAD" ? fault with { TruncatesAnswerAt = null } : fault);
        await SendAsync(request, head.ToBytes(), cancellationToken);
        var body = new AnswerBody(upstream, whole)
        {
            End = fault.CutsAnswerAt ?? fault.TruncatesAnswerAt,
            CorruptsAt = fault.CorruptsAnswerAt is { } offset ? Math.Max(0, Math.Min(offset, length - 1)) : null,
        };
        while (await body.NextAsync(cancellationToken) is { IsEmpty: false } piece)
        {
            await SendAsync(request, piece, cancellationToken);
        }

        if (fault.CutsAnswerAt is not null)
        {
            client.Reset();
            return false;
        }

        // What was left out still lies in the upstream connection, which therefore ends here.
        return fault.TruncatesAnswerAt is null || request.Method == "HEAD";
    }

    private void Rewrite(MessageHead head, Fault fault)
    {
        head["Connection"] = null;
        if (proxy.ActsAsAzure)
        {
            head["Server"] = "Windows-Azure-Blob/1.0 Microsoft-HTTPAPI/2.0";
        }

        if (fault.AnswerHeader?.Split(": ", 2) is [string name, string value])
        {
            head[name] = value;
        }

        if (fault.TruncatesAnswerAt is { } end && head.ContentLength is { } length)
        {
            head["Content-Length"] = Math.Min(end, length).ToString(CultureInfo.InvariantCulture);
        }
    }

    private async Task SendAsync(ProxiedRequest request, ReadOnlyMemory<byte> data, CancellationToken cancellationToken)
    {
        request.BytesReceived += data.Length;
        await client.SendAsync(data, cancellationToken);
    }

    private static async Task DrainAsync(BufferedConnection upstream, CancellationToken cancellationToken)
    {
        do
        {
            upstream.Consume(upstream.Buffered.Length);
        }
        while (await upstream.FillAsync(cancellationToken));
    }

#pragma warning disable CA5351 // Content-MD5 is the protocol's checksum; nothing is kept secret or signed with it.
    private static string Md5(byte[] data) => Convert.ToBase64String(MD5.HashData(data));
#pragma warning restore CA5351
}
