namespace AzureVmRole;

/// <summary>The operating system on a disk.</summary>
public enum OSKind
{
    /// <summary>Linux.</summary>
    Linux = 0,

    /// <summary>Windows.</summary>
    Windows,
}
