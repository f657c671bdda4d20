namespace AzureVmRole.Shell.Formatting;

/// <summary>How objects are laid out.</summary>
internal enum ViewShape
{
    /// <summary>A row per object.</summary>
    Table,

    /// <summary>A line per property.</summary>
    List,
}
