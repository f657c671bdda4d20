using Azure;
using Azure.ResourceManager.Compute;
using Azure.ResourceManager.Compute.Models;
using Xunit;

namespace AzureVmRole.Daemon.Tests.Clients;

/// <summary>Disks through the .NET client.</summary>
public sealed class SdkDiskTests
{
    private static CancellationToken Stop => TestContext.Current.CancellationToken;

    [Fact(Timeout = 120_000)]
    public async Task Client_Disk_LivesThroughItsOperations()
    {
        await using SdkRoom room = await SdkRoom.OpenAsync();
        ManagedDiskResource disk = await room.MakeDiskAsync("data1");
        Assert.Equal(("data1", 1, "Succeeded", DiskState.Unattached), (disk.Data.Name, disk.Data.DiskSizeGB, disk.Data.ProvisioningState, disk.Data.DiskState));
        Assert.Equal(2, (await disk.UpdateAsync(WaitUntil.Completed, new ManagedDiskPatch { DiskSizeGB = 2, Tags = { ["a"] = "b" } }, Stop)).Value.Data.DiskSizeGB);
        Assert.Equal(2, (await disk.AddTagAsync("c", "d", Stop)).Value.Data.Tags.Count);
        await room.MakeDiskAsync("data2");
        Assert.Equal("data1 data2", string.Join(' ', (await SdkRoom.ListAsync(room.Group.GetManagedDisks().GetAllAsync(Stop))).Select(found => found.Data.Name)));
        Assert.Equal(2, (await SdkRoom.ListAsync(room.Subscription.GetManagedDisksAsync(Stop))).Count);

        AccessUri access = (await disk.GrantAccessAsync(WaitUntil.Completed, new GrantAccessData(AccessLevel.Read, 300), Stop)).Value;
        Assert.True(File.Exists(new Uri(access.AccessSas).LocalPath));
        Assert.Equal(DiskState.ActiveSas, (await disk.GetAsync(Stop)).Value.Data.DiskState);
        await SdkRoom.RefusedAsync(409, "OperationNotAllowed", () => disk.DeleteAsync(WaitUntil.Completed, Stop));
        await disk.RevokeAccessAsync(WaitUntil.Completed, Stop);

        await disk.DeleteAsync(WaitUntil.Completed, Stop);
        await SdkRoom.RefusedAsync(404, "ResourceNotFound", () => disk.GetAsync(Stop));
        Assert.False(await room.Group.GetManagedDisks().ExistsAsync("data1", Stop));
        Assert.True(File.Exists(new Uri(access.AccessSas).LocalPath));
        await disk.DeleteAsync(WaitUntil.Completed, Stop);
    }

    [Fact(Timeout = 120_000)]
    public async Task Client_DiskFromEachSource_IsMade()
    {
        await using SdkRoom room = await SdkRoom.OpenAsync();
        DiskImageResource image = await room.MakeImageAsync("base");
        string vhd = await room.Daemon.MakeVhdAsync("vhds/data.vhd");
        ManagedDiskCollection disks = room.Group.GetManagedDisks();
        var fromImage = new DiskCreationData(DiskCreateOption.FromImage) { ImageReference = new ImageDiskReference { Id = image.Id } };
        ManagedDiskResource first = (await disks.CreateOrUpdateAsync(WaitUntil.Completed, "first", new ManagedDiskData("local1") { CreationData = fromImage }, Stop)).Value;
        var copy = new DiskCreationData(DiskCreateOption.Copy) { SourceResourceId = first.Id };
        var larger = new ManagedDiskData("local1") { CreationData = copy, DiskSizeGB = 1, Sku = new DiskSku { Name = DiskStorageAccountType.PremiumLrs } };
        ManagedDiskResource second = (await disks.CreateOrUpdateAsync(WaitUntil.Completed, "second", larger, Stop)).Value;
        var import = new DiskCreationData(DiskCreateOption.Import) { SourceUri = new Uri(room.Daemon.FileOfBlob(vhd)) };
        ManagedDiskResource third = (await disks.CreateOrUpdateAsync(WaitUntil.Completed, "third", new ManagedDiskData("local1") { CreationData = import }, Stop)).Value;
        Assert.Equal((32 * Room.Mebibyte, SupportedOperatingSystemType.Linux), (first.Data.DiskSizeBytes, first.Data.OSType));
        Assert.Equal((1L << 30, DiskStorageAccountType.PremiumLrs), (second.Data.DiskSizeBytes, second.Data.Sku.Name));
        Assert.Equal((32 * Room.Mebibyte, image.Id), (third.Data.DiskSizeBytes, first.Data.CreationData.ImageReference.Id));
    }

    [Fact(Timeout = 120_000)]
    public async Task Client_DiskWrong_IsRefusedWithAzuresCodes()
    {
        await using SdkRoom room = await SdkRoom.OpenAsync();
        ManagedDiskCollection disks = room.Group.GetManagedDisks();
        ManagedDiskResource disk = await room.MakeDiskAsync("data1", 2);
        Task Make(DiskCreationData creation, string location = "local1", int? size = null) =>
            disks.CreateOrUpdateAsync(WaitUntil.Completed, "x", new ManagedDiskData(location) { CreationData = creation, DiskSizeGB = size }, Stop);
        var empty = new DiskCreationData(DiskCreateOption.Empty);
        await SdkRoom.RefusedAsync(400, "LocationNotAvailableForResourceType", () => Make(empty, "mars", 1));
        await SdkRoom.RefusedAsync(400, "InvalidParameter", () => Make(empty));
        await SdkRoom.RefusedAsync(400, "InvalidParameter", () => Make(new DiskCreationData(DiskCreateOption.Upload) { UploadSizeBytes = 20972032 }));
        await SdkRoom.RefusedAsync(400, "InvalidParameter", () => Make(new DiskCreationData(DiskCreateOption.Import) { SourceUri = new Uri("https://a.blob.core.windows.net/vhds/x.vhd") }));
        await SdkRoom.RefusedAsync(404, "ResourceNotFound", () => Make(new DiskCreationData(DiskCreateOption.Copy) { SourceResourceId = disk.Id.Parent!.AppendProviderResource("Microsoft.Compute", "disks", "none") }));
        await SdkRoom.RefusedAsync(409, "InvalidResourceLocation", () => disks.CreateOrUpdateAsync(WaitUntil.Completed, "data1", new ManagedDiskData("local2") { CreationData = empty }, Stop));
        await SdkRoom.RefusedAsync(400, "BadRequest", () => disk.UpdateAsync(WaitUntil.Completed, new ManagedDiskPatch { DiskSizeGB = 1 }, Stop));
        await SdkRoom.RefusedAsync(400, "InvalidParameter", () => disk.GrantAccessAsync(WaitUntil.Completed, new GrantAccessData(AccessLevel.Write, 60), Stop));
        await SdkRoom.RefusedAsync(400, "InvalidResourceName", () => disks.CreateOrUpdateAsync(WaitUntil.Completed, "-x", new ManagedDiskData("local1") { CreationData = empty }, Stop));
        Assert.Equal("data1", Assert.Single(await SdkRoom.ListAsync(disks.GetAllAsync(Stop))).Data.Name);
    }
}
