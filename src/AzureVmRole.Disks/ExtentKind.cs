namespace AzureVmRole.Disks;

/// <summary>Where the bytes of an extent are.</summary>
public enum ExtentKind
{
    /// <summary>Nowhere: the extent reads as zeros.</summary>
    Zero = 0,

    /// <summary>As they are, in one run of a file.</summary>
    File,

    /// <summary>In a coded form (compressed): only the disk can read them.</summary>
    Encoded,
}
