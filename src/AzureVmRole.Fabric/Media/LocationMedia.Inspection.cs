using System.Buffers.Binary;
using AzureVmRole.Disks.Vhd;
using AzureVmRole.Engine.Storage;

namespace AzureVmRole.Fabric.Media;

internal sealed partial class LocationMedia
{
    private const long Mebibyte = 1L << 20;
    private const long SmallestSize = 20 * Mebibyte;
    private const int DiskTypeOffset = 60; // "Hard Disk Footer Format", field Disk Type: 3 dynamic, 4 differencing.

    /// <summary>Looks at a blob: reads what the store knows of it, and its last 512 bytes.</summary>
    /// <returns>Null when there is no such blob.</returns>
    /// <exception cref="FabricException">The blob's file lies outside the store, or cannot be read.</exception>
    public async Task<VhdInspection?> InspectAsync(string blob, CancellationToken cancellationToken)
    {
        CheckLinks(blob);
        try
        {
            return await FindAsync(blob, cancellationToken).ConfigureAwait(false) is { } found
                ? await InspectAsync(blob, found, cancellationToken).ConfigureAwait(false)
                : null;
        }
        catch (TransferException exception) when (MediaErrors.IsFinal(exception))
        {
            throw MediaErrors.Of(exception);
        }
    }

    private async Task<VhdInspection> InspectAsync(string blob, BlobProperties found, CancellationToken cancellationToken)
    {
        var findings = new List<DiskFinding>(FindStateFaults(blob, found));
        long size = found.Length - FixedVhdFooter.SizeInBytes;
        FixedVhdFooter? footer = null;
        if (found.Kind == BlobKind.PageBlob && found.CopyState is BlobCopyState.None or BlobCopyState.Success)
        {
            (footer, DiskFinding? fault) = await ReadFooterAsync(blob, found, size, cancellationToken).ConfigureAwait(false);
            findings.AddRange(fault is null ? FindSizeFaults(blob, size) : [fault]);
        }

        return new VhdInspection
        {
            Blob = blob,
            Properties = found,
            SizeInBytes = footer is null ? 0 : size,
            UniqueId = footer?.Identifier ?? Guid.Empty,
            Findings = findings,
        };
    }

    private async Task<(FixedVhdFooter? Footer, DiskFinding? Fault)> ReadFooterAsync(
        string blob, BlobProperties found, long size, CancellationToken cancellationToken)
    {
        if (size <= 0 || found.Length % FixedVhdFooter.SizeInBytes != 0)
        {
            return (null, Finding(
                blob, "ContainerFormat", $"The blob has {found.Length} bytes.", "A fixed VHD: whole sectors and a footer of 512 bytes.", "Publish the VHD with Publish-BaseVhd."));
        }

        byte[] bytes = new byte[FixedVhdFooter.SizeInBytes];
        await _store.ReadAsync(Parse(blob), null, size, bytes, new BlobConditions { IfMatch = found.ETag }, cancellationToken).ConfigureAwait(false);
        if (FixedVhdFooter.TryParse(bytes, size, out FixedVhdFooter? footer, out string? problem))
        {
            return (footer, null);
        }

        bool isVhd = bytes.AsSpan().StartsWith("conectix"u8);
        uint type = BinaryPrimitives.ReadUInt32BigEndian(bytes.AsSpan(DiskTypeOffset));
        return (null, (isVhd, type) switch
        {
            (true, 3) => Finding(blob, "ContainerType", "The disk is dynamic.", "A fixed VHD.", "Publish it with Publish-BaseVhd, which makes it fixed on the way."),
            (true, 4) => Finding(
                blob, "ContainerParent", "The disk is a difference on another one.", "A fixed VHD without a parent.", "Publish it with Publish-BaseVhd, which joins the chain on the way."),
            (true, _) => Finding(blob, "FooterFields", $"The VHD's footer is wrong: {problem}.", "A valid footer.", "Run Repair-BaseVhd on the file and publish it again."),
            _ => Finding(blob, "ContainerFormat", $"The blob holds no VHD: {problem}.", "A fixed VHD.", "Publish the disk with Publish-BaseVhd."),
        });
    }

    private static IEnumerable<DiskFinding> FindStateFaults(string blob, BlobProperties found)
    {
        if (found.Kind != BlobKind.PageBlob)
        {
            yield return Finding(
                blob, "BlobType", $"It is a {(found.Kind == BlobKind.BlockBlob ? "block" : "append")} blob.", "A page blob.", "Upload it again with Publish-BaseVhd.");
        }

        if (found.Metadata.GetValueOrDefault(BlobMetadata.State) == BlobMetadata.Uploading)
        {
            yield return Finding(blob, "UploadIncomplete", "It is an unfinished upload.", "A whole disk.", "Finish the upload: run its Publish-BaseVhd again.");
        }

        if (found.CopyState is BlobCopyState.Pending or BlobCopyState.Failed or BlobCopyState.Aborted)
        {
            bool isPending = found.CopyState == BlobCopyState.Pending;
            yield return Finding(
                blob, "CopyIncomplete", isPending ? "It is being copied to." : "It is what an interrupted copy left.", "A whole disk.",
                isPending ? "Wait until the copy has ended." : "Copy it again.");
        }
    }

    private static IEnumerable<DiskFinding> FindSizeFaults(string blob, long size)
    {
        if (size % Mebibyte != 0)
        {
            yield return Finding(
                blob, "SizeWholeMebibytes", $"The virtual size is {size} bytes, {size % Mebibyte} more than a whole number of MiB.",
                "A whole number of MiB.", "Run Repair-BaseVhd on the file, which rounds the size up, and publish it again.");
        }

        if (size < SmallestSize)
        {
            yield return Finding(
                blob, "SizeMinimum", $"The virtual size is {size} bytes.", $"At least 20 MiB ({SmallestSize} bytes).", "Make the disk larger with Resize-BaseVhd.");
        }
    }

    private static DiskFinding Finding(string blob, string rule, string found, string expected, string remedy) => new()
    {
        RuleId = rule, Severity = FindingSeverity.Error, Path = blob, Found = found, Expected = expected, Remedy = remedy,
    };
}
