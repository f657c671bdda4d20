using System.Net;
using AzureVmRole.TestKit;
using Xunit;

namespace AzureVmRole.Daemon.Tests.Faults;

/// <summary>The daemon as a process on volumes that run full: what cannot be done says so, nothing is lost, and it goes on when there is room again.</summary>
public sealed class FullVolumeTests
{
    private const int Timeout = 180_000;

    private readonly LoadLedger _ledger = new();

    private static CancellationToken Stop => TestContext.Current.CancellationToken;

    [Fact(Timeout = Timeout)]
    public async Task Store_Full_FailsClearlyAndGoesOnWhenThereIsRoom()
    {
        using var home = new TemporaryFolder();
        await using MountedVolume volume = await MountAsync(Path.Combine(home.Path, "store"), 30);
        using DaemonProcess daemon = await DaemonProcess.StartAsync(home.Path, Stop);
        await FaultRoom.PrepareAsync(daemon);
        FaultRoom.Succeeded(await FaultRoom.PutAsync(daemon, "disks", "first", FaultRoom.DiskOfImage(daemon)));
        volume.Fill();

        FaultRoom.Failed("InsufficientStorage", await FaultRoom.PutAsync(daemon, "disks", "second", FaultRoom.DiskOfImage(daemon)));
        DaemonAnswer machine = await FaultRoom.PutAsync(daemon, "virtualMachines", "web", FaultRoom.Machine(daemon, "web-os"));
        FaultRoom.Failed("DiskProcessingError", machine);
        Assert.Contains("is full", machine.Message, StringComparison.Ordinal);
        FaultRoom.Failed("InsufficientStorage", await FaultRoom.PutAsync(daemon, "snapshots", "snap", SnapshotOf(daemon, "first")));
        Assert.Equal([LoadPlan.Master, "first"], WholeMedia(home.Path), StringComparer.Ordinal);
        Assert.Equal(HttpStatusCode.OK, (await daemon.SendAsync(Stop, "GET", FaultRoom.PathOf(daemon, "disks", "first"))).Status);

        // What frees room works on a full volume.
        FaultRoom.Succeeded(await FaultRoom.AskAsync(daemon, "DELETE", FaultRoom.PathOf(daemon, "disks", "first") + "?deleteVhd=true"));
        volume.Drain();
        FaultRoom.Succeeded(await FaultRoom.PutAsync(daemon, "disks", "second", FaultRoom.DiskOfImage(daemon)));
        FaultRoom.Succeeded(await FaultRoom.AskAsync(daemon, "DELETE", FaultRoom.PathOf(daemon, "disks", "second") + "?deleteVhd=true"));
        FaultRoom.Succeeded(await FaultRoom.PutAsync(daemon, "virtualMachines", "web", FaultRoom.Machine(daemon, "web-os")));
        FaultRoom.Succeeded(await FaultRoom.AskAsync(daemon, "DELETE", FaultRoom.PathOf(daemon, "snapshots", "snap")));
        Assert.Empty(await new HomeCheck(home.Path, _ledger).RunAsync(Stop));
    }

    [Fact(Timeout = Timeout)]
    public async Task Home_Full_IsRefusedWithTheReasonAndNothingIsLost()
    {
        using var home = new TemporaryFolder();
        await using MountedVolume volume = await MountAsync(home.Path, 30);
        using (DaemonProcess daemon = await DaemonProcess.StartAsync(home.Path, Stop))
        {
            await FaultRoom.PrepareAsync(daemon);
            FaultRoom.Succeeded(await FaultRoom.PutAsync(daemon, "virtualMachines", "web", FaultRoom.Machine(daemon, "web-os")));
            volume.Fill();
            DaemonAnswer refused = await PutGroupsUntilRefusedAsync(daemon);
            Assert.Equal((HttpStatusCode.InsufficientStorage, "InsufficientStorage"), (refused.Status, refused.Code));
            Assert.Contains("fabric.db", refused.Message, StringComparison.Ordinal);
            Assert.Equal(HttpStatusCode.OK, (await daemon.SendAsync(Stop, "GET", FaultRoom.PathOf(daemon, "virtualMachines", "web") + "/instanceView")).Status);
            daemon.Kill();
            await daemon.WaitForExitAsync(Stop);
        }

        await StartOnFullVolumeAsync(home.Path);
        volume.Drain();
        using DaemonProcess again = await DaemonProcess.StartAsync(home.Path, Stop);
        FaultRoom.Succeeded(await FaultRoom.PutAsync(again, "disks", "data", FaultRoom.EmptyDisk()));
        FaultRoom.Succeeded(await FaultRoom.AskAsync(again, "POST", FaultRoom.PathOf(again, "virtualMachines", "web") + "/restart"));
        Assert.Empty(await new HomeCheck(home.Path, Ledger("data")).RunAsync(Stop));
    }

    [Fact(Timeout = Timeout)]
    public async Task Hosts_Full_FailClearlyAndTheNextRequestSucceeds()
    {
        using var home = new TemporaryFolder();
        await using MountedVolume volume = await MountAsync(Path.Combine(home.Path, "instances"), 1);
        using DaemonProcess daemon = await DaemonProcess.StartAsync(home.Path, Stop);
        await FaultRoom.PrepareAsync(daemon);
        volume.Fill();

        FaultRoom.Failed("InsufficientStorage", await FaultRoom.PutAsync(daemon, "virtualMachines", "web", FaultRoom.Machine(daemon, "web-os")));
        volume.Drain();
        FaultRoom.Succeeded(await FaultRoom.PutAsync(daemon, "virtualMachines", "web", FaultRoom.Machine(daemon, "web-os")));
        Assert.Empty(await new HomeCheck(home.Path, _ledger).RunAsync(Stop));
    }

    private LoadLedger Ledger(string emptyDisk)
    {
        _ledger.NoteEmpty(emptyDisk);
        return _ledger;
    }

    /// <summary>It starts, or it says that there is no room: never anything else.</summary>
    private static async Task StartOnFullVolumeAsync(string home)
    {
        (DaemonProcess? daemon, int code, string errors) = await DaemonProcess.TryStartAsync(home, Stop);
        using (daemon)
        {
            Assert.True(
                daemon is not null || (code == 1 && (errors.Contains("is full", StringComparison.Ordinal) || errors.Contains("no room", StringComparison.Ordinal)
                || errors.Contains("No space left", StringComparison.Ordinal))), $"{code}: {errors}");
        }
    }

    /// <summary>The database has room of its own for a while.</summary>
    private static async Task<DaemonAnswer> PutGroupsUntilRefusedAsync(DaemonProcess daemon)
    {
        string tags = new('x', 250);
        for (int count = 0; ; count++)
        {
            DaemonAnswer answer = await daemon.SendAsync(Stop, "PUT", $"{daemon.Subscription}/resourceGroups/more{count}", $$"""{"location":"local1","tags":{"a":"{{tags}}"} }""");
            if (!answer.IsSuccess)
            {
                return answer;
            }
        }
    }

    private static System.Text.Json.Nodes.JsonObject SnapshotOf(DaemonProcess daemon, string disk) => new()
    {
        ["creationData"] = new System.Text.Json.Nodes.JsonObject { ["createOption"] = "Copy", ["sourceResourceId"] = FaultRoom.PathOf(daemon, "disks", disk) },
    };

    /// <summary>The resources that have a VHD.</summary>
    private static IEnumerable<string> WholeMedia(string home) =>
        HomeRow.ReadAll(home).Where(row => row.Seen("blob") is not null).Select(row => row.Name).Order(StringComparer.Ordinal).Reverse();

    private static async Task<MountedVolume> MountAsync(string path, int mebibytes)
    {
        MountedVolume? volume = await MountedVolume.TryMountAsync(path, mebibytes, Stop);
        Assert.SkipWhen(volume is null, "A small volume cannot be mounted here: only root may do it.");
        return volume!;
    }
}
