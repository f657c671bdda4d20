namespace AzureVmRole.Fabric.Guests.Network;

/// <summary>A connection with the guest as a stream.</summary>
/// <param name="connection">The connection.</param>
/// <param name="gate">The segment's lock.</param>
internal sealed class GuestStream(TcpConnection connection, Lock gate) : Stream
{
    private bool _isDisposed;

    public override bool CanRead => true;

    public override bool CanSeek => false;

    public override bool CanWrite => true;

    public override long Length => throw new NotSupportedException();

    public override long Position
    {
        get => throw new NotSupportedException();
        set => throw new NotSupportedException();
    }

    /// <summary>Waits until the connection is there.</summary>
    /// <exception cref="IOException">The guest has refused it, or has not answered.</exception>
    public async Task WaitUntilOpenAsync(CancellationToken cancellationToken)
    {
        while (true)
        {
            Task changed;
            lock (gate)
            {
                if (connection.State == TcpState.Open)
                {
                    return;
                }

                ThrowIfEnded();
                changed = connection.Changed.Task;
            }

            await changed.WaitAsync(cancellationToken).ConfigureAwait(false);
        }
    }

    public override async ValueTask<int> ReadAsync(Memory<byte> buffer, CancellationToken cancellationToken = default)
    {
        while (true)
        {
            Task changed;
            lock (gate)
            {
                if (connection.Readable > 0 && buffer.Length > 0)
                {
                    return connection.Read(buffer.Span);
                }

                if (connection.IsFinishedByGuest || buffer.Length == 0)
                {
                    return 0;
                }

                ThrowIfEnded();
                changed = connection.Changed.Task;
            }

            await changed.WaitAsync(cancellationToken).ConfigureAwait(false);
        }
    }

    public override async ValueTask WriteAsync(ReadOnlyMemory<byte> buffer, CancellationToken cancellationToken = default)
    {
        while (buffer.Length > 0)
        {
            Task changed;
            lock (gate)
            {
                ThrowIfEnded();
                buffer = buffer[connection.Write(buffer.Span)..];
                changed = connection.Changed.Task;
            }

            if (buffer.Length > 0)
            {
                await changed.WaitAsync(cancellationToken).ConfigureAwait(false);
            }
        }
    }

    /// <summary>Tells the guest that nothing more comes; what it still sends can be read.</summary>
    public void FinishWriting()
    {
        lock (gate)
        {
            connection.Finish();
        }
    }

    public override Task<int> ReadAsync(byte[] buffer, int offset, int count, CancellationToken cancellationToken) =>
        ReadAsync(buffer.AsMemory(offset, count), cancellationToken).AsTask();

    public override Task WriteAsync(byte[] buffer, int offset, int count, CancellationToken cancellationToken) =>
        WriteAsync(buffer.AsMemory(offset, count), cancellationToken).AsTask();

    public override int Read(byte[] buffer, int offset, int count) => throw new NotSupportedException("Read asynchronously.");

    public override void Write(byte[] buffer, int offset, int count) => throw new NotSupportedException("Write asynchronously.");

    public override void Flush()
    {
        // What is written is on its way.
    }

    public override Task FlushAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    public override long Seek(long offset, SeekOrigin origin) => throw new NotSupportedException();

    public override void SetLength(long value) => throw new NotSupportedException();

    protected override void Dispose(bool disposing)
    {
        if (disposing && !_isDisposed)
        {
            _isDisposed = true;
            lock (gate)
            {
                connection.Leave();
            }
        }

        base.Dispose(disposing);
    }

    private void ThrowIfEnded()
    {
        if (connection.State is TcpState.Refused or TcpState.Closed)
        {
            throw new IOException("The connection with the guest has ended.");
        }
    }
}
