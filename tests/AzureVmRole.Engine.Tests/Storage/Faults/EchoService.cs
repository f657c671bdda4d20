using System.Net;
using System.Net.Sockets;

namespace AzureVmRole.Engine.Tests.Storage.Faults;

/// <summary>An HTTP server that answers a request's body, the method in a header, and knows what it was asked.</summary>
internal sealed class EchoService : IAsyncDisposable
{
    private readonly HttpListener _listener = new();
    private readonly Task _answering;
    private int _count;

    public EchoService()
    {
        using (var probe = new TcpListener(IPAddress.Loopback, 0))
        {
            probe.Start();
            Address = new Uri($"http://{probe.LocalEndpoint}/");
        }

        _listener.Prefixes.Add(Address.AbsoluteUri);
        _listener.Start();
        _answering = AnswerAsync();
    }

    public Uri Address { get; }

    /// <summary>How many requests came through.</summary>
    public int Count => Volatile.Read(ref _count);

    public async ValueTask DisposeAsync()
    {
        // Without Stop: closing a stopped listener binds its port again, which another may have by now.
        _listener.Close();
        await _answering;
    }

    private async Task AnswerAsync()
    {
        try
        {
            while (true)
            {
                HttpListenerContext context = await _listener.GetContextAsync();
                Interlocked.Increment(ref _count);
                await EchoAsync(context);
            }
        }
        catch (Exception exception) when (exception is HttpListenerException or ObjectDisposedException)
        {
            // Stopped.
        }
    }

    private static async Task EchoAsync(HttpListenerContext context)
    {
        try
        {
            using var body = new MemoryStream();
            await context.Request.InputStream.CopyToAsync(body);
            context.Response.StatusCode = context.Request.HttpMethod == "GET" ? 206 : 200;
            context.Response.Headers["x-host"] = context.Request.Headers["Host"];
            byte[] answer = context.Request.HttpMethod == "GET" ? "an answer"u8.ToArray() : body.ToArray();
            context.Response.ContentLength64 = answer.Length;
            await context.Response.OutputStream.WriteAsync(answer);
            context.Response.Close();
        }
        catch (Exception exception) when (exception is HttpListenerException or IOException)
        {
            // The proxy cut the connection, as it was told.
        }
    }
}
