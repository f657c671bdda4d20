using System.Text.RegularExpressions;
using AzureVmRole.Engine.Storage;

namespace AzureVmRole.Daemon.Tests.Faults;

/// <summary>
/// Looks at a fabric at rest from the outside, at its database, its stores, its hosts' files, and says everything that must not be: a resource
/// that is lost, half made, or without its VHD; a VHD that nobody knows; a lease that is not its holder's.
/// </summary>
internal sealed partial class HomeCheck(string home, LoadLedger ledger)
{
    private readonly List<string> _findings = [];
    private readonly List<BlobName> _orphans = [];
    private List<HomeRow> _rows = [];

    /// <summary>Checks all of it, and deletes the VHDs that were left behind with reason.</summary>
    public async Task<IReadOnlyList<string>> RunAsync(CancellationToken cancellationToken)
    {
        _rows = HomeRow.ReadAll(home);
        CheckRows();
        CheckInstances();
        string[] debris = [.. Directory.EnumerateFiles(Path.Combine(home, "fabric"), "*.partial").Select(path => Path.GetFileName(path)!)];
        Require(debris.Length == 0, $"the folder of the fabric holds {string.Join(", ", debris)}");
        await using IBlobStore store = BlobStores.OpenStore(null, new StoreConnection { FolderPath = Path.Combine(home, "store", "local1") });
        await CheckBlobsAsync(store, cancellationToken);
        foreach (BlobName orphan in _orphans)
        {
            // What was left behind is looked at once.
            await store.DeleteAsync(orphan, null, withSnapshots: false, default, cancellationToken);
        }

        return _findings;
    }

    private void Require(bool holds, string finding)
    {
        if (!holds)
        {
            _findings.Add(finding);
        }
    }

    private void CheckRows()
    {
        HashSet<string> keys = [.. _rows.Select(row => row.Key)];
        foreach ((string id, bool? expected) in ledger.Expected)
        {
            bool isThere = keys.Contains(id.ToLowerInvariant());
            Require(expected is null || expected == isThere, $"{id} {(isThere ? "is there, and was deleted" : "was accepted, and is lost")}");
        }

        foreach (HomeRow row in _rows)
        {
            Require(row.IsSettled && row.State is "Succeeded" or "Failed", $"{row.Id} is {row.State} at rest");
            if (row.Is("virtualMachines"))
            {
                Require(row.DiskKeys.All(keys.Contains), $"{row.Id} has a disk that does not exist: {string.Join(", ", row.DiskKeys)}");
            }
            else if (row.Owner is { } owner)
            {
                HomeRow? machine = _rows.Find(other => other.Key.Equals(owner, StringComparison.OrdinalIgnoreCase));
                Require(machine is not null && machine.DiskKeys.Contains(row.Key, StringComparer.Ordinal), $"{row.Id} belongs to {owner}, which does not have it");
            }
        }
    }

    private void CheckInstances()
    {
        string folder = Path.Combine(home, "instances");
        IEnumerable<string> expected = _rows.Where(row => row.Is("virtualMachines") && row.Seen("host") is not null)
            .Select(row => $"{(string?)row.Desired["fabric"]?["vmId"]}/{row.Seen("host")}.json");
        IEnumerable<string> found = Directory.Exists(folder)
            ? Directory.EnumerateFileSystemEntries(folder, "*", SearchOption.AllDirectories)
                .Where(path => File.Exists(path) || !Directory.EnumerateFileSystemEntries(path).Any())
                .Select(path => Path.GetRelativePath(folder, path))
            : [];
        foreach (string path in found.Except(expected, StringComparer.Ordinal))
        {
            _findings.Add($"instances/{path} is no virtual machine's");
        }
    }

    private async Task CheckBlobsAsync(IBlobStore store, CancellationToken cancellationToken)
    {
        var owners = _rows.Where(row => row.Seen("blob") is not null).ToDictionary(row => row.Seen("blob")!, StringComparer.Ordinal);
        var blobs = new Dictionary<string, BlobProperties>(StringComparer.Ordinal);
        await foreach (BlobProperties blob in store.ListAsync(new BlobListing { IncludeSnapshots = true }, cancellationToken))
        {
            blobs.Add(blob.Name.ToString(), blob);
            Require(blob.CopyState is BlobCopyState.None or BlobCopyState.Success, $"{blob.Name} is the half copy of {owners.GetValueOrDefault(blob.Name.ToString())?.Id ?? "nobody"}: {blob.CopyState}");
            if (owners.TryGetValue(blob.Name.ToString(), out HomeRow? owner))
            {
                await CheckOwnedAsync(store, blob, owner, cancellationToken);
            }
            else
            {
                CheckOrphan(store, blob);
            }
        }

        foreach ((string blob, HomeRow owner) in owners)
        {
            Require(blobs.ContainsKey(blob), $"{owner.Id} has lost its blob {blob}");
        }

        foreach (HomeRow row in _rows.Where(row => row.State == "Succeeded" && (row.Is("disks") || row.Is("snapshots") || row.Is("images"))))
        {
            Require(row.Seen("blob") is not null, $"{row.Id} is whole, and has no blob");
        }
    }

    private async Task CheckOwnedAsync(IBlobStore store, BlobProperties blob, HomeRow owner, CancellationToken cancellationToken)
    {
        Require((long?)owner.Observed["sizeBytes"] + 512 == blob.Length, $"{blob.Name} of {owner.Id} has {blob.Length} bytes, noted are {owner.Observed["sizeBytes"]}");
        CheckContent(store, blob, owner.Name, owner.Seen("uniqueId"));
        HomeRow? machine = owner.Owner is { } id ? _rows.Find(row => row.Key.Equals(id, StringComparison.OrdinalIgnoreCase)) : null;
        if (machine is { State: "Failed" })
        {
            return;
        }

        string? holder = owner.Is("disks") ? machine?.Id : owner.Id;
        Require(blob.Metadata.GetValueOrDefault(BlobMetadata.LeaseHolder) == holder, $"{blob.Name} of {owner.Id} is noted as held by {blob.Metadata.GetValueOrDefault(BlobMetadata.LeaseHolder) ?? "nobody"}, expected {holder ?? "nobody"}");
        Require(blob.LeaseState == (holder is null ? BlobLeaseState.Available : BlobLeaseState.Leased), $"{blob.Name} of {owner.Id} is {blob.LeaseState}, expected holder {holder ?? "nobody"}");
        if (holder is not null && blob.LeaseState == BlobLeaseState.Leased)
        {
            try
            {
                // Only the lease's own id can renew it.
                await store.RenewLeaseAsync(blob.Name, owner.Seen("leaseId")!, cancellationToken);
            }
            catch (TransferException exception)
            {
                _findings.Add($"{blob.Name} of {owner.Id} is leased by somebody else: {exception.Message}");
            }
        }
    }

    private void CheckOrphan(IBlobStore store, BlobProperties blob)
    {
        if (blob.Name == MasterVhd.Name)
        {
            return;
        }

        string name = Made().Match(blob.Name.Name) is { Success: true } made ? made.Groups["name"].Value : "";
        Require(ledger.IsKept(name), $"{blob.Name} is nobody's, and nobody left it behind");
        Require(blob.LeaseState == BlobLeaseState.Available, $"{blob.Name} is nobody's, and is {blob.LeaseState} by {blob.Metadata.GetValueOrDefault(BlobMetadata.LeaseHolder)}");
        CheckContent(store, blob, name, null);
        _orphans.Add(blob.Name);
    }

    private void CheckContent(IBlobStore store, BlobProperties blob, string name, string? uniqueId)
    {
        if (MasterVhd.FindFault(store.GetUri(blob.Name).LocalPath, ledger.IsEmpty(name), uniqueId) is { } fault)
        {
            _findings.Add($"{blob.Name} of '{name}' {fault}");
        }
    }

    /// <summary>Names that the fabric gives: of a disk, of a reimaged OS disk, of a capture.</summary>
    [GeneratedRegex("^(Microsoft.Compute/Images/images/)?(?<name>[a-z0-9]+(_OsDisk)?)(_1_[0-9a-f]{32})?-(osDisk|[0-9a-f]{8}).*\\.vhd$", RegexOptions.CultureInvariant | RegexOptions.ExplicitCapture, 1000)]
    private static partial Regex Made();
}
