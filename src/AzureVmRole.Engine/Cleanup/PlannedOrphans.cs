using AzureVmRole.Disks.Files;

namespace AzureVmRole.Engine.Cleanup;

/// <summary>The orphans of a search that go into a plan file, which is written when the search has come to its end.</summary>
internal sealed class PlannedOrphans
{
    private readonly List<OrphanVhd> _items = [];
    private readonly string _path;
    private readonly bool _overwrite;

    /// <summary>Prepares a plan.</summary>
    /// <param name="path">The absolute path of the file.</param>
    /// <param name="overwrite">Whether a file that is there may be replaced.</param>
    /// <exception cref="DiskOperationException">The file could not be written: nobody should search for hours to learn that.</exception>
    public PlannedOrphans(string path, bool overwrite)
    {
        OutputFile.CheckTarget(path, overwrite);
        _path = path;
        _overwrite = overwrite;
    }

    /// <summary>Takes a blob in, if it is an orphan that a plan may name.</summary>
    public void Add(OrphanVhd item)
    {
        if (OrphanPlan.IsPlanned(item))
        {
            _items.Add(item);
        }
    }

    /// <summary>Writes the file.</summary>
    /// <exception cref="DiskOperationException">It cannot be written.</exception>
    public Task WriteAsync(SearchListing listing, CancellationToken cancellationToken) =>
        OrphanPlan.WriteAsync(_path, _overwrite, listing, _items, cancellationToken);
}
