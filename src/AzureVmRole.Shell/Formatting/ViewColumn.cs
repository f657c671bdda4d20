namespace AzureVmRole.Shell.Formatting;

/// <summary>A column of a table or a line of a list.</summary>
/// <param name="Label">What heads it.</param>
/// <param name="PropertyName">The property it shows.</param>
/// <param name="FormatString">A composite format such as <c>{0:N0}</c>; null for the usual text.</param>
/// <param name="Width">The width in characters; 0 for as wide as needed.</param>
/// <param name="Alignment">How it is aligned.</param>
internal sealed record ViewColumn(
    string Label,
    string PropertyName,
    string? FormatString = null,
    int Width = 0,
    ViewAlignment Alignment = ViewAlignment.Automatic);
