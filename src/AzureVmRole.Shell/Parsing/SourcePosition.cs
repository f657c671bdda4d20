namespace AzureVmRole.Shell.Parsing;

/// <summary>A place in a script.</summary>
/// <param name="Line">The line, from 1.</param>
/// <param name="Column">The column, from 1.</param>
internal readonly record struct SourcePosition(int Line, int Column);
