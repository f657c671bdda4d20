namespace AzureVmRole;

/// <summary>What a test of an image has come to.</summary>
public enum VMImageVerdict
{
    /// <summary>No rule speaks against the file; and the guest was ready, where it was booted.</summary>
    Ready = 0,

    /// <summary>The guest was ready, but a rule speaks against the file as it is: its format, its type, its size.</summary>
    FileUnfit,

    /// <summary>A rule speaks against the file, and it was not booted.</summary>
    Unfit,

    /// <summary>The guest was booted, and was not ready.</summary>
    NotReady,
}
