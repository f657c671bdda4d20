using System.Text.Json.Nodes;

namespace AzureVmRole.Fabric.FrontEnd;

/// <summary>A page of a listing.</summary>
/// <param name="Items">The resources, in order of their ids.</param>
/// <param name="Continuation">Where the next page starts; null at the end.</param>
public sealed record ResourcePage(IReadOnlyList<JsonObject> Items, string? Continuation);
