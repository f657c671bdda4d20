namespace AzureVmRole.Shell.Formatting;

/// <summary>How a column is aligned.</summary>
internal enum ViewAlignment
{
    /// <summary>Numbers right, all else left: for columns that no view describes.</summary>
    Automatic,

    /// <summary>To the left.</summary>
    Left,

    /// <summary>In the middle.</summary>
    Center,

    /// <summary>To the right.</summary>
    Right,
}
