namespace AzureVmRole.Shell.Parsing;

/// <summary>Commands joined by <c>|</c>, as they were typed.</summary>
/// <param name="Commands">The commands, at least one.</param>
/// <param name="Text">The text of the pipeline.</param>
internal sealed record PipelineSyntax(IReadOnlyList<CommandSyntax> Commands, string Text);
