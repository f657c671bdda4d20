namespace AzureVmRole.Fabric.Hosts;

/// <summary>The folder of an instance, which only its owner can open.</summary>
internal static class InstanceFolder
{
    /// <summary>Where it is.</summary>
    /// <exception cref="ArgumentException">The id is no GUID.</exception>
    public static string PathOf(string instancesPath, string instanceId) => Guid.TryParseExact(instanceId, "D", out Guid id)
        ? Path.Combine(instancesPath, id.ToString("D"))
        : throw new ArgumentException($"The instance id '{instanceId}' is no GUID.", nameof(instanceId));

    /// <summary>Makes it where it is missing.</summary>
    public static void Make(string folder)
    {
        if (OperatingSystem.IsWindows())
        {
            Directory.CreateDirectory(folder);
        }
        else
        {
            Directory.CreateDirectory(folder, UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute);
        }
    }

    /// <summary>Removes it when nothing is in it.</summary>
    public static void RemoveEmpty(string folder)
    {
        if (Directory.Exists(folder) && !Directory.EnumerateFileSystemEntries(folder).Any())
        {
            Directory.Delete(folder);
        }
    }
}
