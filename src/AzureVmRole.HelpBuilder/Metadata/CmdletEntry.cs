namespace AzureVmRole.HelpBuilder.Metadata;

/// <summary>A cmdlet as its class declares it.</summary>
internal sealed record CmdletEntry
{
    public required string Verb { get; init; }

    public required string Noun { get; init; }

    public string Name => $"{Verb}-{Noun}";

    /// <summary>The parameter sets, the default one first; one nameless set where the class names none.</summary>
    public required IReadOnlyList<string> SetNames { get; init; }

    /// <summary>The parameters in the order of declaration, without those that PowerShell adds.</summary>
    public required IReadOnlyList<ParameterEntry> Parameters { get; init; }

    /// <summary>Whether PowerShell adds -WhatIf and -Confirm.</summary>
    public bool SupportsShouldProcess { get; init; }

    /// <summary>The full names of the types that OutputType names.</summary>
    public IReadOnlyList<string> OutputTypes { get; init; } = [];
}
