namespace AzureVmRole.Shell.Prompting;

/// <summary>What the word before the cursor may become.</summary>
/// <param name="Start">Where the word starts.</param>
/// <param name="Texts">The completions, in the order offered.</param>
internal sealed record CompletionList(int Start, IReadOnlyList<string> Texts);
