namespace AzureVmRole.Shell.Formatting;

/// <summary>How objects of some types are shown.</summary>
/// <param name="Shape">Table or list.</param>
/// <param name="Columns">The columns or lines.</param>
/// <param name="HidesHeaders">Whether a table has no head.</param>
/// <param name="Wraps">Whether a long value takes several lines of its column, instead of being cut.</param>
internal sealed record ObjectView(
    ViewShape Shape, IReadOnlyList<ViewColumn> Columns, bool HidesHeaders = false, bool Wraps = false);
