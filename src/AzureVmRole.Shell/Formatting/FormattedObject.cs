namespace AzureVmRole.Shell.Formatting;

/// <summary>An object for which Format-Table or Format-List has chosen the view.</summary>
/// <param name="Value">The object.</param>
/// <param name="Shape">Table or list.</param>
/// <param name="Properties">The properties to show; empty for those of the type's view.</param>
internal sealed record FormattedObject(object Value, ViewShape Shape, IReadOnlyList<string> Properties)
{
    /// <summary>Returns the object with the chosen properties only, for programs.</summary>
    public object Selected() => Properties.Count == 0 ? Value : PropertySelection.Select(Value, Properties);
}
