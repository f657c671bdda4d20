namespace AzureVmRole.Fabric.Guests.Wire;

/// <summary>An element of a guest's XML.</summary>
/// <param name="Path">Local names from the root on, with slashes between them.</param>
/// <param name="Attributes">By local name.</param>
/// <param name="Text">Its own text, without that of elements in it.</param>
internal sealed record WireElement(string Path, IReadOnlyDictionary<string, string> Attributes, string Text);
