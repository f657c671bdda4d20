using System.Globalization;
using System.Text.Json.Nodes;

namespace AzureVmRole.Daemon.Tests.Faults;

/// <summary>What one client asks for: virtual machines from the master with data disks, disks of all kinds, snapshots, captures, changes and deletions, in an order that chance gives.</summary>
/// <param name="group">The path of the resource group.</param>
/// <param name="client">The client's number; its resources are its own.</param>
/// <param name="ledger">What clients know.</param>
/// <param name="seed">What chance starts from.</param>
internal sealed class LoadPlan(string group, int client, LoadLedger ledger, int seed)
{
    /// <summary>The image that all virtual machines are made of.</summary>
    public const string Master = "master";

    private const int MostMachines = 3;
    private const int MostOthers = 4;

    private static readonly string[] Powers = ["start", "powerOff", "deallocate", "restart", "reimage", "redeploy", "reapply"];

    private readonly Random _random = new(seed);
    private readonly List<string> _machines = [];
    private readonly Dictionary<string, List<string>> _disksOfMachines = new(StringComparer.Ordinal);
    private readonly List<string> _disks = [];
    private readonly List<string> _snapshots = [];
    private readonly List<string> _images = [];
    private int _count;
    private int _size = 2;

    /// <summary>The next request.</summary>
    public async Task<LoadStep> NextAsync(DaemonProcess daemon, CancellationToken cancellationToken)
    {
        if (_machines.Count == 0)
        {
            return MakeMachine();
        }

        return _random.Next(20) switch
        {
            < 4 when _machines.Count < MostMachines => MakeMachine(),
            < 7 when _disks.Count < MostOthers => MakeDisk(),
            7 when _snapshots.Count < MostOthers => MakeSnapshot(),
            < 11 => await ChangeDisksAsync(daemon, cancellationToken),
            < 14 => Act(Pick(_machines), Pick(Powers)),
            14 => Grow(),
            < 17 => await CaptureAsync(daemon, cancellationToken),
            _ => Delete(),
        };
    }

    private static string Text(JsonNode body) => body.ToJsonString();

    private string Path(string type, string name) => $"{group}/providers/Microsoft.Compute/{type}/{name}";

    private string NewName(string kind) => string.Create(CultureInfo.InvariantCulture, $"{kind}{client}x{_count++}");

    private string Pick(IReadOnlyList<string> from) => from[_random.Next(from.Count)];

    private JsonObject Reference(string type, string name) => new() { ["id"] = Path(type, name) };

    private LoadStep MakeMachine()
    {
        string name = NewName("vm");
        string osDisk = NewName("os");
        var left = new List<string>();
        var dataDisks = new JsonArray();
        var makes = new List<string> { Path("virtualMachines", name) };
        for (int lun = _random.Next(3); lun > 0; lun--)
        {
            string dataDisk = NewName("data");
            ledger.NoteEmpty(dataDisk);
            left.Add(dataDisk);
            makes.Add(Path("disks", dataDisk));
            dataDisks.Add(new JsonObject { ["lun"] = lun, ["createOption"] = "Empty", ["name"] = dataDisk, ["diskSizeGB"] = 1 });
        }

        bool goes = _random.Next(2) == 0;
        if (goes)
        {
            ledger.Keep(osDisk);
        }
        else
        {
            left.Add(osDisk);
            makes.Add(Path("disks", osDisk));
        }

        _disksOfMachines.Add(name, left);
        var body = new JsonObject
        {
            ["location"] = "local1",
            ["properties"] = new JsonObject
            {
                ["hardwareProfile"] = new JsonObject { ["vmSize"] = "Standard_B2s" },
                ["storageProfile"] = new JsonObject
                {
                    ["imageReference"] = Reference("images", Master),
                    ["osDisk"] = new JsonObject { ["createOption"] = "FromImage", ["name"] = osDisk, ["deleteOption"] = goes ? "Delete" : "Detach" },
                    ["dataDisks"] = dataDisks,
                },
                ["osProfile"] = new JsonObject { ["computerName"] = "host", ["adminUsername"] = "azureuser", ["adminPassword"] = "Secret-Word-1" },
            },
        };
        return new LoadStep("PUT", makes[0], Text(body)) { Makes = makes, Accepted = () => _machines.Add(name) };
    }

    private LoadStep MakeDisk()
    {
        string name = NewName("disk");
        switch (_random.Next(3))
        {
            case 0 when _snapshots.Count > 0:
                return Make("disks", name, _disks, Creation("Copy", "sourceResourceId", Path("snapshots", Pick(_snapshots))));
            case 1:
                return Make("disks", name, _disks, Creation("FromImage", "imageReference", Reference("images", Pick([Master, .. _images]))));
            default:
                ledger.NoteEmpty(name);
                JsonObject properties = Creation("Empty", "storageAccountId", null);
                properties["diskSizeGB"] = 1;
                return Make("disks", name, _disks, properties);
        }
    }

    /// <summary>Snapshots of disks with the master's content only; what a disk may have become is not asked.</summary>
    private LoadStep MakeSnapshot()
    {
        string[] sources = [.. _disks.Where(disk => !ledger.IsEmpty(disk))];
        string name = NewName("snap");
        return sources.Length == 0
            ? MakeDisk()
            : Make("snapshots", name, _snapshots, Creation("Copy", "sourceResourceId", Path("disks", Pick(sources))));
    }

    private static JsonObject Creation(string option, string member, JsonNode? source)
    {
        var creation = new JsonObject { ["createOption"] = option };
        if (source is not null)
        {
            creation[member] = source;
        }

        return new JsonObject { ["creationData"] = creation };
    }

    private LoadStep Make(string type, string name, List<string> list, JsonObject properties)
    {
        string path = Path(type, name);
        var body = new JsonObject { ["location"] = "local1", ["properties"] = properties };
        return new LoadStep("PUT", path, Text(body)) { Makes = [path], Accepted = () => list.Add(name) };
    }

    private LoadStep Act(string machine, string action, JsonObject? body = null) => new("POST", $"{Path("virtualMachines", machine)}/{action}", body is null ? null : Text(body))
    {
        Accepted = () =>
        {
            if (action == "reimage")
            {
                // The new OS disk has a name that the fabric chooses.
                ledger.Keep($"{machine}_OsDisk");
            }
        },
    };

    private LoadStep Grow()
    {
        if (_disks.Count == 0)
        {
            return MakeDisk();
        }

        return new LoadStep("PATCH", Path("disks", Pick(_disks)), Text(new JsonObject { ["properties"] = new JsonObject { ["diskSizeGB"] = _size++ } }));
    }

    /// <summary>Attaches a free disk, or takes a data disk away.</summary>
    private async Task<LoadStep> ChangeDisksAsync(DaemonProcess daemon, CancellationToken cancellationToken)
    {
        string machine = Path("virtualMachines", Pick(_machines));
        DaemonAnswer found = await daemon.SendAsync(cancellationToken, "GET", machine);
        JsonArray dataDisks = found.Body["properties"]?["storageProfile"]?["dataDisks"]?.DeepClone() as JsonArray ?? [];
        if (dataDisks.Count > 0 && _random.Next(2) == 0)
        {
            dataDisks.RemoveAt(_random.Next(dataDisks.Count));
        }
        else if (_disks.Find(disk => dataDisks.All(attached => (string?)attached!["name"] != disk)) is { } free)
        {
            int lun = Enumerable.Range(0, 64).First(number => dataDisks.All(disk => (int?)disk!["lun"] != number));
            dataDisks.Add(new JsonObject { ["lun"] = lun, ["createOption"] = "Attach", ["managedDisk"] = Reference("disks", free) });
        }

        return new LoadStep("PATCH", machine, Text(new JsonObject { ["properties"] = new JsonObject { ["storageProfile"] = new JsonObject { ["dataDisks"] = dataDisks } } }));
    }

    /// <summary>Makes an image of a machine, or a VHD of its disk by the action, as soon as it is stopped and generalized; else brings it there.</summary>
    private async Task<LoadStep> CaptureAsync(DaemonProcess daemon, CancellationToken cancellationToken)
    {
        string machine = _machines[0];
        DaemonAnswer view = await daemon.SendAsync(cancellationToken, "GET", Path("virtualMachines", machine) + "/instanceView");
        string[] codes = [.. (view.Body["statuses"] as JsonArray ?? []).Select(status => (string?)status!["code"] ?? "")];
        if (!codes.Contains("OSState/generalized", StringComparer.OrdinalIgnoreCase))
        {
            return Act(machine, codes.Contains("PowerState/stopped", StringComparer.Ordinal) ? "generalize" : "powerOff");
        }

        if (_random.Next(2) == 0)
        {
            string prefix = NewName("capture");
            ledger.Keep(prefix);
            return Act(machine, "capture", new JsonObject { ["vhdPrefix"] = prefix, ["destinationContainerName"] = "images", ["overwriteVhds"] = true });
        }

        return _images.Count < 2
            ? Make("images", NewName("image"), _images, new JsonObject { ["sourceVirtualMachine"] = Reference("virtualMachines", machine) })
            : DeleteOne("virtualMachines", machine, _machines);
    }

    private LoadStep Delete() => _random.Next(5) switch
    {
        0 when _snapshots.Count > 0 => DeleteOne("snapshots", Pick(_snapshots), _snapshots),
        1 when _images.Count > 0 => DeleteOne("images", Pick(_images), _images),
        2 when _machines.Count > 1 => DeleteOne("virtualMachines", Pick(_machines), _machines),
        _ when _disks.Count > 0 => DeleteOne("disks", Pick(_disks), _disks),
        _ => DeleteOne("virtualMachines", Pick(_machines), _machines),
    };

    private LoadStep DeleteOne(string type, string name, List<string> list)
    {
        string path = Path(type, name);
        bool deletesVhd = type != "virtualMachines" && _random.Next(3) > 0;
        if (!deletesVhd)
        {
            ledger.Keep(name);
        }

        return new LoadStep("DELETE", deletesVhd ? path + "?deleteVhd=true" : path)
        {
            Removes = [path],
            Accepted = () =>
            {
                list.Remove(name);
                _disks.AddRange(_disksOfMachines.GetValueOrDefault(name, []).Except(_disks, StringComparer.Ordinal));
            },
        };
    }
}
