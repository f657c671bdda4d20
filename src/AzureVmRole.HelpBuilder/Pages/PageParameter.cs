namespace AzureVmRole.HelpBuilder.Pages;

/// <summary>A parameter as a page describes it.</summary>
/// <param name="Name">The name, without the hyphen.</param>
/// <param name="Line">The line of its heading.</param>
/// <param name="Text">What it does.</param>
/// <param name="DefaultValue">What stands after <c>Default:</c>; null where the page gives none.</param>
internal sealed record PageParameter(string Name, int Line, IReadOnlyList<string> Text, string? DefaultValue);
