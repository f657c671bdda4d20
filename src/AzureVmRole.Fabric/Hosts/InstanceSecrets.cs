using System.Text.Json;
using AzureVmRole.Fabric.Guests;

namespace AzureVmRole.Fabric.Hosts;

/// <summary>
/// Keeps the secrets of instances that are not provisioned yet: <c>instances/&lt;id&gt;/secrets.json</c> in the home folder, mode 0600 in a folder of mode 0700. They are no part
/// of the database, which has backups.
/// </summary>
/// <param name="instancesPath">The folder of the instances.</param>
/// <param name="isWanted">Whether new instances get a host that provisions them; else nothing is ever written.</param>
internal sealed class InstanceSecrets(string instancesPath, bool isWanted)
{
    private const string FileName = "secrets.json";

    /// <summary>Keeps an instance's secrets; what is there is replaced as a whole. Nothing happens when there are none, or nobody will ask for them.</summary>
    public void Save(string instanceId, GuestSecrets secrets)
    {
        if (!isWanted || secrets == GuestSecrets.None)
        {
            return;
        }

        string path = PathOf(instanceId);
        InstanceFolder.Make(Path.GetDirectoryName(path)!);
        string half = path + ".new";
        File.Delete(half);
        var options = new FileStreamOptions { Mode = FileMode.CreateNew, Access = FileAccess.Write };
        if (!OperatingSystem.IsWindows())
        {
            options.UnixCreateMode = UnixFileMode.UserRead | UnixFileMode.UserWrite;
        }

        using (var stream = new FileStream(half, options))
        {
            JsonSerializer.Serialize(stream, secrets);
            stream.Flush(flushToDisk: true);
        }

        File.Move(half, path, overwrite: true);
    }

    /// <summary>An instance's secrets; none when they are gone.</summary>
    public GuestSecrets Read(string instanceId)
    {
        try
        {
            return JsonSerializer.Deserialize<GuestSecrets>(File.ReadAllBytes(PathOf(instanceId))) ?? GuestSecrets.None;
        }
        catch (Exception exception) when (exception is FileNotFoundException or DirectoryNotFoundException or JsonException)
        {
            return GuestSecrets.None;
        }
    }

    /// <summary>Forgets an instance's secrets, and its folder when nothing else is in it.</summary>
    public void Remove(string instanceId)
    {
        string path = PathOf(instanceId);
        if (Directory.Exists(Path.GetDirectoryName(path)))
        {
            File.Delete(path);
            File.Delete(path + ".new");
            InstanceFolder.RemoveEmpty(Path.GetDirectoryName(path)!);
        }
    }

    /// <summary>Forgets secrets that were told. Others that have been kept for the instance since stay.</summary>
    /// <param name="instanceId">The instance.</param>
    /// <param name="told">What was read.</param>
    public void Forget(string instanceId, GuestSecrets told)
    {
        if (Read(instanceId) == told)
        {
            Remove(instanceId);
        }
    }

    /// <summary>Removes the secrets of instances that do not exist: a kill between keeping them and accepting the request has left them.</summary>
    /// <param name="existing">The ids of all instances.</param>
    public void Sweep(IReadOnlySet<string> existing)
    {
        string[] owners = Directory.Exists(instancesPath)
            ? [.. Directory.EnumerateFiles(instancesPath, FileName + "*", new EnumerationOptions { RecurseSubdirectories = true, MaxRecursionDepth = 1 })
                .Select(path => Path.GetFileName(Path.GetDirectoryName(path)!)).Distinct(StringComparer.OrdinalIgnoreCase)]
            : [];
        foreach (string owner in owners.Where(owner => Guid.TryParseExact(owner, "D", out _) && !existing.Contains(owner)))
        {
            Remove(owner);
        }
    }

    private string PathOf(string instanceId) => Path.Combine(InstanceFolder.PathOf(instancesPath, instanceId), FileName);
}
