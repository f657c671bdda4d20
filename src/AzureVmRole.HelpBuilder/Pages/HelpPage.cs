namespace AzureVmRole.HelpBuilder.Pages;

/// <summary>One help page, taken apart. Texts are plain: one string is one paragraph.</summary>
internal sealed record HelpPage
{
    /// <summary>The path of the page.</summary>
    public required string File { get; init; }

    /// <summary>The cmdlet's name: the first heading.</summary>
    public required string Name { get; init; }

    public IReadOnlyList<string> Synopsis { get; init; } = [];

    public IReadOnlyList<string> Description { get; init; } = [];

    public IReadOnlyList<PageParameter> Parameters { get; init; } = [];

    public IReadOnlyList<PageExample> Examples { get; init; } = [];

    public IReadOnlyList<PageEntry> Inputs { get; init; } = [];

    public IReadOnlyList<PageEntry> Outputs { get; init; } = [];

    public IReadOnlyList<PageEntry> Errors { get; init; } = [];

    public IReadOnlyList<PageLink> Links { get; init; } = [];

    /// <summary>The line of each section's heading, by its title.</summary>
    public IReadOnlyDictionary<string, int> SectionLines { get; init; } = new Dictionary<string, int>(StringComparer.Ordinal);

    /// <summary>What is wrong with the page's shape.</summary>
    public IReadOnlyList<HelpProblem> Problems { get; init; } = [];
}
