using System.Net;
using System.Net.Sockets;

namespace AzureVmRole.Fabric.Guests.Network;

/// <summary>A port of this machine, on loopback, that leads to a port of the guest.</summary>
internal sealed class PortForward : IAsyncDisposable
{
    private readonly TcpListener _listener;
    private readonly Segment _segment;
    private readonly int _guestPort;
    private readonly CancellationTokenSource _stop = new();
    private readonly Task _accepting;

    private PortForward(Segment segment, int guestPort, int port)
    {
        _segment = segment;
        _guestPort = guestPort;
        _listener = new TcpListener(IPAddress.Loopback, port);
        _listener.Start();
        _accepting = AcceptAsync();
    }

    /// <summary>Where it listens.</summary>
    public IPEndPoint Endpoint => (IPEndPoint)_listener.LocalEndpoint;

    /// <summary>Begins to listen.</summary>
    /// <param name="segment">The guest's network.</param>
    /// <param name="guestPort">The guest's port.</param>
    /// <param name="port">The port of this machine; 0 for a free one.</param>
    /// <exception cref="SocketException">The port is in use.</exception>
    public static PortForward Start(Segment segment, int guestPort, int port = 0) => new(segment, guestPort, port);

    /// <inheritdoc/>
    public async ValueTask DisposeAsync()
    {
        await _stop.CancelAsync().ConfigureAwait(false);
        _listener.Stop();
        await _accepting.ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        _stop.Dispose();
    }

    private async Task AcceptAsync()
    {
        while (true)
        {
            TcpClient client = await _listener.AcceptTcpClientAsync(_stop.Token).ConfigureAwait(false);
            _ = CarryAsync(client, _stop.Token);
        }
    }

    private async Task CarryAsync(TcpClient client, CancellationToken cancellationToken)
    {
        using (client)
        {
            try
            {
                GuestStream guest = await _segment.ConnectAsync(_guestPort, cancellationToken).ConfigureAwait(false);
                await using (guest.ConfigureAwait(false))
                {
                    NetworkStream host = client.GetStream();
                    Task there = CopyAsync(host, guest, guest.FinishWriting, cancellationToken);
                    Task back = CopyAsync(guest, host, () => client.Client.Shutdown(SocketShutdown.Send), cancellationToken);
                    await Task.WhenAll(there, back).ConfigureAwait(false);
                }
            }
            catch (Exception exception) when (exception is IOException or SocketException or OperationCanceledException)
            {
                // One of both has ended it: the other one sees that.
            }
        }
    }

    private static async Task CopyAsync(Stream source, Stream target, Action finish, CancellationToken cancellationToken)
    {
        await source.CopyToAsync(target, cancellationToken).ConfigureAwait(false);
        finish();
    }
}
