using System.Net;
using System.Net.Sockets;

namespace AzureVmRole.TestKit.Faults;

/// <summary>A TCP connection that can be read up to a mark and ended without a farewell.</summary>
internal sealed class BufferedConnection : IDisposable
{
    private readonly Socket _socket;
    private readonly byte[] _buffer = new byte[128 << 10];
    private int _start;
    private int _end;

    public BufferedConnection(Socket socket)
    {
        _socket = socket;
        _socket.NoDelay = true;
    }

    /// <summary>What has arrived and was not consumed.</summary>
    public ReadOnlyMemory<byte> Buffered => _buffer.AsMemory(_start, _end - _start);

    public static async Task<BufferedConnection> OpenAsync(EndPoint address, CancellationToken cancellationToken)
    {
        var socket = new Socket(SocketType.Stream, ProtocolType.Tcp);
        try
        {
            await socket.ConnectAsync(address, cancellationToken);
            return new BufferedConnection(socket);
        }
        catch
        {
            socket.Dispose();
            throw;
        }
    }

    /// <summary>Waits for more bytes; false at the end.</summary>
    public async Task<bool> FillAsync(CancellationToken cancellationToken)
    {
        if (_start > 0)
        {
            Buffered.CopyTo(_buffer);
            _end -= _start;
            _start = 0;
        }

        int count = await _socket.ReceiveAsync(_buffer.AsMemory(_end), cancellationToken);
        _end += count;
        return count > 0;
    }

    public void Consume(int count) => _start += count;

    public async Task ReadExactlyAsync(Memory<byte> target, CancellationToken cancellationToken)
    {
        int count = Math.Min(target.Length, Buffered.Length);
        Buffered[..count].CopyTo(target);
        Consume(count);
        while (count < target.Length)
        {
            int received = await _socket.ReceiveAsync(target[count..], cancellationToken);
            if (received == 0)
            {
                throw new EndOfStreamException($"A connection ended {target.Length - count} bytes before the end of a body.");
            }

            count += received;
        }
    }

    public async Task SendAsync(ReadOnlyMemory<byte> data, CancellationToken cancellationToken)
    {
        while (!data.IsEmpty)
        {
            data = data[await _socket.SendAsync(data, cancellationToken)..];
        }
    }

    /// <summary>Ends the connection with a reset, as a machine that goes away does.</summary>
    public void Reset()
    {
        _socket.LingerState = new LingerOption(true, 0);
        _socket.Close();
    }

    public void Dispose() => _socket.Dispose();
}
