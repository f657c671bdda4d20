using AzureVmRole.Engine.Compute.Connecting;
using AzureVmRole.Engine.Storage;

namespace AzureVmRole.Engine.Cleanup;

/// <summary>How orphans are searched.</summary>
public sealed record OrphanSearchOptions
{
    /// <summary>How the store is reached and authorised. It has to allow listing the whole store: what uses a blob may be anywhere in it.</summary>
    public StoreConnection Connection { get; init; } = new();

    /// <summary>A container, or a store; null for the connected store.</summary>
    public string? Address { get; init; }

    /// <summary>How long a blob has to have been left alone. Zero leaves age out of account.</summary>
    public TimeSpan MinimumAge { get; init; } = TimeSpan.FromDays(7);

    /// <summary>What one GiB costs a month; null shows no cost.</summary>
    public decimal? PricePerGiB { get; init; }

    /// <summary>The local fabric, or the subscription of Azure, whose resources count as uses; empty when there is none. Asked each time anew.</summary>
    public IReadOnlyList<FabricConnection> Fabrics { get; init; } = [];

    /// <summary>Absolute paths of files that name blobs in use (see docs/formats/reference-file.md).</summary>
    public IReadOnlyList<string> ReferencePaths { get; init; } = [];

    /// <summary>The absolute path of a removal plan to write when the search is complete; null for none.</summary>
    public string? PlanPath { get; init; }

    /// <summary>Whether <see cref="PlanPath"/> may replace an existing file.</summary>
    public bool OverwritePlan { get; init; }
}
