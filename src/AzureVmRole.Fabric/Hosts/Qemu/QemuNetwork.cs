using System.Net;
using System.Net.Sockets;

namespace AzureVmRole.Fabric.Hosts.Qemu;

/// <summary>
/// Where one QEMU process connects its guest's network adapter to: a Unix socket that only this account can reach. QEMU before 7.2 connects to TCP ports only, to which any account of this
/// machine can; there the first connection of this account's own is taken, others are closed, and nobody else is listened to.
/// </summary>
internal sealed class QemuNetwork : IDisposable
{
    private const int MostWaiting = 16;

    private readonly Socket _listener;

    private QemuNetwork(Socket listener) => _listener = listener;

    /// <summary>The place on loopback; null for the Unix socket.</summary>
    public IPEndPoint? Endpoint => _listener.LocalEndPoint as IPEndPoint;

    /// <summary>Begins to listen.</summary>
    public static QemuNetwork Listen(QemuInstallation qemu, QemuFiles files)
    {
        Socket listener = qemu.HasStreamNetwork
            ? new Socket(AddressFamily.Unix, SocketType.Stream, ProtocolType.Unspecified)
            : new Socket(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp);
        listener.Bind(qemu.HasStreamNetwork ? new UnixDomainSocketEndPoint(files.NetworkPath) : new IPEndPoint(IPAddress.Loopback, 0));
        listener.Listen(MostWaiting);
        return new QemuNetwork(listener);
    }

    /// <summary>Takes one connection, and listens no more.</summary>
    public async Task<Socket> AcceptAsync(CancellationToken cancellationToken)
    {
        while (true)
        {
            Socket accepted = await _listener.AcceptAsync(cancellationToken).ConfigureAwait(false);
            if (await IsOwnAsync(accepted, cancellationToken).ConfigureAwait(false))
            {
                _listener.Dispose();
                return accepted;
            }

            accepted.Dispose();
        }
    }

    /// <inheritdoc/>
    public void Dispose() => _listener.Dispose();

    private static async Task<bool> IsOwnAsync(Socket accepted, CancellationToken cancellationToken)
    {
        if (accepted.LocalEndPoint is not IPEndPoint near || accepted.RemoteEndPoint is not IPEndPoint far)
        {
            return true;
        }

        accepted.NoDelay = true;
        return SocketTable.HasOneOwner(await File.ReadAllTextAsync(SocketTable.Path, cancellationToken).ConfigureAwait(false), near, far);
    }
}
