namespace AzureVmRole.Engine.Storage.Publishing;

/// <summary>What an upload has sent so far.</summary>
internal sealed class UploadTally
{
    private long _bytesSent;
    private long _bytesKept;
    private int _requests;

    /// <summary>Bytes of pages that were sent.</summary>
    public long BytesSent => Interlocked.Read(ref _bytesSent);

    /// <summary>Bytes of data that were there already.</summary>
    public long BytesKept => Interlocked.Read(ref _bytesKept);

    /// <summary>Write requests.</summary>
    public int Requests => Volatile.Read(ref _requests);

    public void NoteSent(long length)
    {
        Interlocked.Add(ref _bytesSent, length);
        Interlocked.Increment(ref _requests);
    }

    public void NoteKept(long length) => Interlocked.Add(ref _bytesKept, length);
}
