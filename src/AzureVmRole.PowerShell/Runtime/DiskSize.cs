namespace AzureVmRole.PowerShell.Runtime;

/// <summary>Turns what a user says about a disk's size and type into what the engine takes, and back into words.</summary>
internal static class DiskSize
{
    /// <summary>The length as the engine counts.</summary>
    /// <exception cref="DiskOperationException">No disk is that large.</exception>
    public static long? ToLength(ulong? sizeInBytes, string path) => sizeInBytes switch
    {
        null => null,
        <= long.MaxValue => (long)sizeInBytes.Value,
        _ => throw new DiskOperationException(
            ErrorCode.DiskSizeOutOfRange,
            path,
            $"The size {sizeInBytes} is above {long.MaxValue}, the largest that a file can have.",
            "Give a smaller size."),
    };

    /// <summary>The type as a word in a sentence.</summary>
    public static string Describe(VhdType type) => type == VhdType.Dynamic ? "dynamic" : "fixed";
}
