namespace AzureVmRole;

/// <summary>How much a finding matters.</summary>
public enum FindingSeverity
{
    /// <summary>Worth knowing.</summary>
    Information = 0,

    /// <summary>Azure takes the disk, but something should be mended.</summary>
    Warning = 1,

    /// <summary>Azure refuses the disk, or the disk would not work there.</summary>
    Error = 2,
}
