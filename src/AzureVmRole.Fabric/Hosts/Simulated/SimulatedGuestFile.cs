using System.Text.Json;

namespace AzureVmRole.Fabric.Hosts.Simulated;

/// <summary>What a simulated host keeps of a guest: <c>instances/&lt;id&gt;/&lt;host&gt;.json</c> in the home folder.</summary>
internal sealed class SimulatedGuestFile(string instancesPath, string hostId)
{
    /// <summary>Reads a guest; null when the host does not have it.</summary>
    public SimulatedGuest? Read(string instanceId)
    {
        try
        {
            return JsonSerializer.Deserialize<SimulatedGuest>(File.ReadAllBytes(PathOf(instanceId)));
        }
        catch (Exception exception) when (exception is FileNotFoundException or DirectoryNotFoundException)
        {
            return null;
        }
        catch (JsonException)
        {
            // A power failure can leave an empty file. The controller starts the same boot again, and the simulation begins anew.
            return null;
        }
    }

    /// <summary>Writes a guest; whoever reads gets all of it or what was there before.</summary>
    public void Write(string instanceId, SimulatedGuest guest)
    {
        string path = PathOf(instanceId);
        InstanceFolder.Make(Path.GetDirectoryName(path)!);
        File.WriteAllBytes(path + ".new", JsonSerializer.SerializeToUtf8Bytes(guest));
        File.Move(path + ".new", path, overwrite: true);
    }

    /// <summary>Removes a guest, and the instance's folder when nothing else is in it.</summary>
    public void Remove(string instanceId)
    {
        string path = PathOf(instanceId);
        string folder = Path.GetDirectoryName(path)!;
        if (!Directory.Exists(folder))
        {
            return;
        }

        File.Delete(path);
        File.Delete(path + ".new");
        InstanceFolder.RemoveEmpty(folder);
    }

    private string PathOf(string instanceId) => Path.Combine(InstanceFolder.PathOf(instancesPath, instanceId), hostId + ".json");
}
