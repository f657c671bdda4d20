namespace AzureVmRole.Engine.Compute.Connecting;

/// <summary>How Azure is reached.</summary>
public sealed record AzureConnectionOptions
{
    /// <summary>The subscription: a GUID.</summary>
    public required string SubscriptionId { get; init; }

    /// <summary>The resource group of commands that name none. Default <c>azvmrole</c>, made when it is needed.</summary>
    public string ResourceGroupName { get; init; } = FabricConnection.DefaultGroupName;

    /// <summary>The location of what is made: <c>westeurope</c>.</summary>
    public required string Location { get; init; }

    /// <summary>The storage account in which names without a scheme are blobs: its name, or its address; null for none.</summary>
    public string? StorageAccount { get; init; }

    /// <summary>A bearer token for Azure Resource Manager; null for the sign-in of this machine (DefaultAzureCredential). Secret.</summary>
    public string? AccessToken { get; init; }
}
