namespace AzureVmRole.Shell.Parsing;

/// <summary>A command as it was typed.</summary>
internal sealed record CommandSyntax(string Name, IReadOnlyList<CommandElement> Elements, SourcePosition Position);
