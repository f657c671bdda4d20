using AzureVmRole.Disks;
using AzureVmRole.Disks.Vhd;

namespace AzureVmRole.Engine.Storage.Publishing;

/// <summary>The last step of an upload: the footer that makes a disk of the blob.</summary>
internal static class FooterSeal
{
    private static readonly DateTime FormatEpoch = new(2000, 1, 1, 0, 0, 0, DateTimeKind.Utc);

    /// <summary>The id that a disk is published under: its own, else one that follows from its content.</summary>
    public static Guid IdentifierOf(VirtualDisk disk, string contentHash) => disk.Identifier != Guid.Empty
        ? disk.Identifier
        : new Guid(Convert.FromHexString(contentHash).AsSpan(0, 16), bigEndian: true);

    /// <summary>The footer that a disk is published with. The same content gives the same bytes.</summary>
    public static FixedVhdFooter FooterFor(SourceDisk source, string contentHash) => FixedVhdFooter.Create(
        source.LengthInBytes, IdentifierOf(source.Disk, contentHash), source.Disk.TimeStampUtc ?? FormatEpoch);

    /// <summary>Writes the footer, reads it back, and says that the upload is complete.</summary>
    /// <returns>The blob's ETag.</returns>
    /// <exception cref="TransferException">The store does not give back what was written.</exception>
    public static async Task<string> CloseAsync(
        UploadSession session, FixedVhdFooter footer, IReadOnlyDictionary<string, string> metadata, CancellationToken cancellationToken)
    {
        await session.WriteAsync(session.DiskLength, footer.Bytes, cancellationToken).ConfigureAwait(false);
        await session.Store.FlushAsync(session.Name, cancellationToken).ConfigureAwait(false);
        byte[] found = new byte[FixedVhdFooter.SizeInBytes];
        await session.ReadAsync(session.DiskLength, found, cancellationToken).ConfigureAwait(false);
        if (!footer.Bytes.Span.SequenceEqual(found))
        {
            await session.ClearAsync(new PageRange(session.DiskLength, FixedVhdFooter.SizeInBytes), cancellationToken).ConfigureAwait(false);
            throw new TransferException(
                ErrorCode.ContentHashMismatch, session.Place.Target,
                $"The footer at offset 0x{session.DiskLength:X} of '{session.Place.Target}' was read back with other bytes than were written; it was cleared again.",
                "Run the command again. If it happens again, look for what changes data on the way.");
        }

        string etag = await session.Store.SetMetadataAsync(session.Name, metadata, session.Held, cancellationToken).ConfigureAwait(false);
        await session.Store.FlushAsync(session.Name, cancellationToken).ConfigureAwait(false);
        return etag;
    }
}
