namespace AzureVmRole.Shell.Help;

/// <summary>A command's help page.</summary>
internal sealed record HelpPage
{
    public required string Name { get; init; }

    public string Synopsis { get; init; } = "";

    public string Description { get; init; } = "";

    public IReadOnlyList<HelpParameter> Parameters { get; init; } = [];

    public IReadOnlyList<HelpExample> Examples { get; init; } = [];

    public IReadOnlyList<string> Inputs { get; init; } = [];

    public IReadOnlyList<string> Outputs { get; init; } = [];

    public string Notes { get; init; } = "";

    public IReadOnlyList<string> RelatedLinks { get; init; } = [];
}
