namespace AzureVmRole.Engine.Storage.Folder;

/// <summary>
/// Room on the store's volume that is kept for what has to work when the volume is full: the database needs some to note even
/// that a blob is gone. A file that is nothing but its length; it is given up for a moment and filled again.
/// </summary>
internal sealed class FolderReserve(FolderPaths paths)
{
    // What deleting a blob writes to the database's journals, several times over.
    private const int Size = 512 << 10;
    private const int PieceSize = 4 << 10;

    /// <summary>Does work that frees room or lets others free it; when the volume is full, once more with the reserve.</summary>
    public T Use<T>(Func<T> work)
    {
        try
        {
            return work();
        }
        catch (TransferException exception) when (exception.Code == ErrorCode.InsufficientSpace && TryRelease())
        {
            // The second attempt tells whether the reserve was enough.
        }

        try
        {
            return work();
        }
        finally
        {
            Fill();
        }
    }

    /// <summary>Takes the room, or as much of it as there is.</summary>
    public void Fill()
    {
        try
        {
            if (new FileInfo(paths.Reserve) is { Exists: true, Length: Size })
            {
                return;
            }

            // Neither a hole nor zeros, which some file systems keep without room.
            byte[] piece = new byte[PieceSize];
            Random.Shared.NextBytes(piece);
            using var file = new FileStream(paths.Reserve, FileMode.Append, FileAccess.Write, FileShare.None, bufferSize: 0);
            while (file.Length < Size)
            {
                file.Write(piece);
            }
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            // A smaller reserve may do, too, and another process that fills it now does the same.
        }
    }

    private bool TryRelease()
    {
        try
        {
            bool exists = File.Exists(paths.Reserve);
            File.Delete(paths.Reserve);
            return exists;
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            return false;
        }
    }
}
