namespace AzureVmRole.HelpBuilder.Pages;

/// <summary>A row of a section that lists things by name: a type under Inputs and Outputs, an error id under Errors.</summary>
/// <param name="Name">The type or the error id.</param>
/// <param name="Line">The line of the row.</param>
/// <param name="Text">What the page says about it.</param>
internal sealed record PageEntry(string Name, int Line, IReadOnlyList<string> Text);
