namespace AzureVmRole.Fabric.FrontEnd;

/// <summary>Which resources a listing is about.</summary>
/// <param name="SubscriptionId">The subscription.</param>
/// <param name="GroupName">The resource group; null for all.</param>
/// <param name="Location">The location; null for all.</param>
public sealed record ListScope(string SubscriptionId, string? GroupName = null, string? Location = null);
