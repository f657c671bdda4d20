namespace AzureVmRole.Shell.Tests.Commands;

/// <summary>What the cmdlets of the tests write.</summary>
public sealed record Widget
{
    public required string Name { get; init; }

    public required long Size { get; init; }

    public WidgetColour Colour { get; init; }

    public string[] Tags { get; init; } = [];
}
