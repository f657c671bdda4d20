namespace AzureVmRole;

/// <summary>What the cmdlets of this session work on. Holds no secret.</summary>
public sealed record FabricConnectionState
{
    /// <summary><c>Local</c> or <c>Azure</c>.</summary>
    public required string Kind { get; init; }

    /// <summary>Where requests go.</summary>
    public required Uri Endpoint { get; init; }

    /// <summary>The subscription.</summary>
    public required string SubscriptionId { get; init; }

    /// <summary>The resource group that commands work in unless they are given another one. Default <c>azvmrole</c>, made when it is needed.</summary>
    public required string ResourceGroupName { get; init; }

    /// <summary>The location of what is made.</summary>
    public required string Location { get; init; }

    /// <summary>The storage account, for Azure, or the folder of the location's store, in which names without a scheme are blobs; null when none was given.</summary>
    public string? Store { get; init; }

    /// <summary>The home folder of the local fabric; null for Azure.</summary>
    public string? HomePath { get; init; }

    /// <summary>SHA-256 of the certificate that the local fabric has to show; null for Azure.</summary>
    public string? Thumbprint { get; init; }
}
