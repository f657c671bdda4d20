using System.IO.Pipelines;
using AzureVmRole.Fabric.Guests.Network;

namespace AzureVmRole.Fabric.Tests.Guests.Network;

/// <summary>The two ends of a network cable.</summary>
internal static class PipedLink
{
    public static (FrameLink Segment, FrameLink Guest) Make()
    {
        var there = new Pipe();
        var back = new Pipe();
        return (new FrameLink(new DuplexStream(there.Reader.AsStream(), back.Writer.AsStream())), new FrameLink(new DuplexStream(back.Reader.AsStream(), there.Writer.AsStream())));
    }

    private sealed class DuplexStream(Stream source, Stream target) : Stream
    {
        public override bool CanRead => true;

        public override bool CanSeek => false;

        public override bool CanWrite => true;

        public override long Length => throw new NotSupportedException();

        public override long Position
        {
            get => throw new NotSupportedException();
            set => throw new NotSupportedException();
        }

        public override ValueTask<int> ReadAsync(Memory<byte> buffer, CancellationToken cancellationToken = default) => source.ReadAsync(buffer, cancellationToken);

        public override ValueTask WriteAsync(ReadOnlyMemory<byte> buffer, CancellationToken cancellationToken = default) => target.WriteAsync(buffer, cancellationToken);

        public override void Flush() => target.Flush();

        public override int Read(byte[] buffer, int offset, int count) => throw new NotSupportedException();

        public override long Seek(long offset, SeekOrigin origin) => throw new NotSupportedException();

        public override void SetLength(long value) => throw new NotSupportedException();

        public override void Write(byte[] buffer, int offset, int count) => throw new NotSupportedException();

        protected override void Dispose(bool disposing)
        {
            source.Dispose();
            target.Dispose();
            base.Dispose(disposing);
        }
    }
}
