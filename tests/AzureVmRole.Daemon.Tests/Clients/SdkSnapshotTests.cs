using Azure;
using Azure.ResourceManager.Compute;
using Azure.ResourceManager.Compute.Models;
using Xunit;

namespace AzureVmRole.Daemon.Tests.Clients;

/// <summary>Snapshots through the .NET client.</summary>
public sealed class SdkSnapshotTests
{
    private static CancellationToken Stop => TestContext.Current.CancellationToken;

    [Fact(Timeout = 120_000)]
    public async Task Client_Snapshot_LivesThroughItsOperations()
    {
        await using SdkRoom room = await SdkRoom.OpenAsync();
        ManagedDiskResource disk = await room.MakeDiskAsync("data1");
        var data = new SnapshotData("local1") { CreationData = new DiskCreationData(DiskCreateOption.Copy) { SourceResourceId = disk.Id }, Incremental = true };
        SnapshotResource snapshot = (await room.Group.GetSnapshots().CreateOrUpdateAsync(WaitUntil.Completed, "s1", data, Stop)).Value;
        Assert.Equal((1, "Succeeded", disk.Id), (snapshot.Data.DiskSizeGB, snapshot.Data.ProvisioningState, snapshot.Data.CreationData.SourceResourceId));
        Assert.Equal("b", (await snapshot.UpdateAsync(WaitUntil.Completed, new SnapshotPatch { Tags = { ["a"] = "b" } }, Stop)).Value.Data.Tags["a"]);
        Assert.Equal("s1", Assert.Single(await SdkRoom.ListAsync(room.Group.GetSnapshots().GetAllAsync(Stop))).Data.Name);
        Assert.Equal("s1", Assert.Single(await SdkRoom.ListAsync(room.Subscription.GetSnapshotsAsync(Stop))).Data.Name);

        AccessUri access = (await snapshot.GrantAccessAsync(WaitUntil.Completed, new GrantAccessData(AccessLevel.Read, 300), Stop)).Value;
        Assert.True(File.Exists(new Uri(access.AccessSas).LocalPath));
        await SdkRoom.RefusedAsync(409, "OperationNotAllowed", () => snapshot.DeleteAsync(WaitUntil.Completed, Stop));
        await snapshot.RevokeAccessAsync(WaitUntil.Completed, Stop);

        var restored = new ManagedDiskData("local1") { CreationData = new DiskCreationData(DiskCreateOption.Copy) { SourceResourceId = snapshot.Id } };
        Assert.Equal(1, (await room.Group.GetManagedDisks().CreateOrUpdateAsync(WaitUntil.Completed, "restored", restored, Stop)).Value.Data.DiskSizeGB);
        await disk.DeleteAsync(WaitUntil.Completed, Stop);
        await snapshot.DeleteAsync(WaitUntil.Completed, Stop);
        await SdkRoom.RefusedAsync(404, "ResourceNotFound", () => snapshot.GetAsync(Stop));
    }

    [Fact(Timeout = 120_000)]
    public async Task Client_SnapshotOfAnotherLocation_NeedsCopyStart()
    {
        await using SdkRoom room = await SdkRoom.OpenAsync();
        ManagedDiskResource disk = await room.MakeDiskAsync("data1");
        SnapshotCollection snapshots = room.Group.GetSnapshots();
        SnapshotData From(Azure.Core.ResourceIdentifier source, DiskCreateOption option, string location) =>
            new(location) { CreationData = new DiskCreationData(option) { SourceResourceId = source } };
        SnapshotResource here = (await snapshots.CreateOrUpdateAsync(WaitUntil.Completed, "here", From(disk.Id, DiskCreateOption.Copy, "local1"), Stop)).Value;
        await SdkRoom.RefusedAsync(400, "InvalidParameter", () => snapshots.CreateOrUpdateAsync(WaitUntil.Completed, "there", From(here.Id, DiskCreateOption.Copy, "local2"), Stop));
        SnapshotResource there = (await snapshots.CreateOrUpdateAsync(WaitUntil.Completed, "there", From(here.Id, DiskCreateOption.CopyStart, "local2"), Stop)).Value;
        Assert.Equal(("local2", "Succeeded"), (there.Data.Location.Name, there.Data.ProvisioningState));
        await SdkRoom.RefusedAsync(
            400, "InvalidParameter", () => snapshots.CreateOrUpdateAsync(WaitUntil.Completed, "x", new SnapshotData("local1") { CreationData = new DiskCreationData(DiskCreateOption.Empty) }, Stop));
        await SdkRoom.RefusedAsync(404, "ResourceNotFound", () => snapshots.GetAsync("x", Stop));
    }
}
