namespace AzureVmRole.Engine.Compute;

/// <summary>Which resources are read.</summary>
public sealed record ResourceQuery
{
    /// <summary>A name, in which <c>*</c> and <c>?</c> stand for any letters; null for all.</summary>
    public string? Name { get; init; }

    /// <summary>The resource group; null for the connection's own when <see cref="Name"/> is one name, else for all groups.</summary>
    public string? ResourceGroupName { get; init; }

    internal bool IsOne => Name is not null && !Name.AsSpan().ContainsAny('*', '?');

    internal bool Matches(string name) => Name is null || System.IO.Enumeration.FileSystemName.MatchesSimpleExpression(Name, name);
}
