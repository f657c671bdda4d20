namespace AzureVmRole.HelpBuilder.Pages;

/// <summary>An example.</summary>
/// <param name="Title">The heading.</param>
/// <param name="Line">The line of the heading.</param>
/// <param name="Code">The lines marked as powershell; empty when there are none.</param>
/// <param name="Remarks">The text around the code.</param>
internal sealed record PageExample(string Title, int Line, string Code, IReadOnlyList<string> Remarks);
