namespace AzureVmRole.Disks.Files;

/// <summary>The free space of volumes.</summary>
public static class VolumeSpace
{
    /// <summary>Checks that a volume has room, before anything is written.</summary>
    /// <param name="path">The absolute path of the file that is going to be written.</param>
    /// <param name="neededInBytes">The most that it will occupy.</param>
    /// <exception cref="DiskOperationException">The volume has less.</exception>
    public static void Require(string path, long neededInBytes)
    {
        long free;
        try
        {
            free = new DriveInfo(Path.GetDirectoryName(path) ?? path).AvailableFreeSpace;
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException or ArgumentException)
        {
            // A volume that does not tell (some network shares) is taken at its word when it is full.
            return;
        }

        if (free < neededInBytes)
        {
            throw new DiskOperationException(
                ErrorCode.InsufficientSpace, path,
                $"'{path}' needs {neededInBytes} bytes, its volume has {free} free.",
                "Free space on the volume, or give a path on another one.");
        }
    }
}
