namespace AzureVmRole;

/// <summary>What was done to the system on an image before it was captured.</summary>
public enum OSState
{
    /// <summary>Names, keys and accounts of the machine were removed (sysprep, <c>waagent -deprovision</c>): instances get their own.</summary>
    Generalized = 0,

    /// <summary>Nothing was removed: an instance is the same machine again.</summary>
    Specialized,
}
