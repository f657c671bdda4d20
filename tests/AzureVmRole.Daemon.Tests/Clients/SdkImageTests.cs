using Azure;
using Azure.ResourceManager.Compute;
using Azure.ResourceManager.Compute.Models;
using AzureVmRole.Engine.Storage;
using Xunit;

namespace AzureVmRole.Daemon.Tests.Clients;

/// <summary>Images through the .NET client.</summary>
public sealed class SdkImageTests
{
    private static CancellationToken Stop => TestContext.Current.CancellationToken;

    [Fact(Timeout = 120_000)]
    public async Task Client_Image_LivesThroughItsOperations()
    {
        await using SdkRoom room = await SdkRoom.OpenAsync();
        DiskImageResource image = await room.MakeImageAsync("base");
        Assert.Equal(("Succeeded", OperatingSystemStateType.Generalized), (image.Data.ProvisioningState, image.Data.StorageProfile.OSDisk.OSState));
        Assert.Equal("b", (await image.UpdateAsync(WaitUntil.Completed, new DiskImagePatch { Tags = { ["a"] = "b" } }, Stop)).Value.Data.Tags["a"]);
        DiskImageResource read = await room.Group.GetDiskImageAsync("BASE", cancellationToken: Stop);
        Assert.Equal("base", (await room.Group.GetDiskImages().CreateOrUpdateAsync(WaitUntil.Completed, "base", read.Data, Stop)).Value.Data.Name);
        Assert.Equal("base", Assert.Single(await SdkRoom.ListAsync(room.Group.GetDiskImages().GetAllAsync(Stop))).Data.Name);
        Assert.Equal("base", Assert.Single(await SdkRoom.ListAsync(room.Subscription.GetDiskImagesAsync(Stop))).Data.Name);
        await image.DeleteAsync(WaitUntil.Completed, Stop);
        await SdkRoom.RefusedAsync(404, "ResourceNotFound", () => image.GetAsync(cancellationToken: Stop));
        Assert.True(File.Exists(room.Daemon.FileOfBlob("vhds/base.vhd")));
        await image.DeleteAsync(WaitUntil.Completed, Stop);
    }

    [Fact(Timeout = 120_000)]
    public async Task Client_ImageFromDiskOrSnapshot_IsACopy()
    {
        await using SdkRoom room = await SdkRoom.OpenAsync();
        ManagedDiskResource disk = await room.MakeDiskAsync("os");
        DiskImageData From(ImageOSDisk source) => new("local1") { StorageProfile = new ImageStorageProfile { OSDisk = source } };
        static ImageOSDisk Linux() => new(SupportedOperatingSystemType.Linux, OperatingSystemStateType.Generalized);
        ImageOSDisk ofDisk = Linux();
        ofDisk.ManagedDiskId = disk.Id;
        DiskImageResource image = (await room.Group.GetDiskImages().CreateOrUpdateAsync(WaitUntil.Completed, "one", From(ofDisk), Stop)).Value;
        Assert.Equal((disk.Id, 1), (image.Data.StorageProfile.OSDisk.ManagedDiskId, image.Data.StorageProfile.OSDisk.DiskSizeGB));
        await disk.DeleteAsync(WaitUntil.Completed, Stop);
        Assert.Equal("vm1", (await room.MakeMachineAsync("vm1", image.Id)).Data.Name);
    }

    [Fact(Timeout = 120_000)]
    public async Task Client_ImageWrong_IsRefusedWithAzuresCodes()
    {
        await using SdkRoom room = await SdkRoom.OpenAsync();
        DiskImageCollection images = room.Group.GetDiskImages();
        DiskImageResource image = await room.MakeImageAsync("base");
        Uri vhd = image.Data.StorageProfile.OSDisk.BlobUri;
        Task Make(Uri uri) => images.CreateOrUpdateAsync(WaitUntil.Completed, "x", SdkRoom.ImageOf(uri), Stop);
        await SdkRoom.RefusedAsync(409, "ResourceInUse", () => Make(vhd));
        await SdkRoom.RefusedAsync(400, "InvalidParameter", () => Make(new Uri(room.Daemon.FileOfBlob("vhds/none.vhd"))));
        await SdkRoom.RefusedAsync(400, "InvalidParameter", () => Make(new Uri("https://a.blob.core.windows.net/vhds/x.vhd")));
        string odd = await room.Daemon.MakeVhdAsync("vhds/odd.vhd", (32 * Room.Mebibyte) + 512);
        await SdkRoom.RefusedAsync(400, "InvalidParameter", () => Make(new Uri(room.Daemon.FileOfBlob(odd))));
        DiskImageData changed = SdkRoom.ImageOf(new Uri(room.Daemon.FileOfBlob(await room.Daemon.MakeVhdAsync("vhds/other.vhd"))));
        await SdkRoom.RefusedAsync(409, "PropertyChangeNotAllowed", () => images.CreateOrUpdateAsync(WaitUntil.Completed, "base", changed, Stop));
        var running = new DiskImageData("local1") { SourceVirtualMachineId = (await room.MakeMachineAsync("vm1", image.Id)).Id };
        await SdkRoom.RefusedAsync(409, "OperationNotAllowed", () => images.CreateOrUpdateAsync(WaitUntil.Completed, "captured", running, Stop));
        Assert.Single(await SdkRoom.ListAsync(images.GetAllAsync(Stop)));
        Assert.NotNull(await FindAsync(room, "base.vhd"));
    }

    private static async Task<BlobProperties?> FindAsync(SdkRoom room, string name)
    {
        await using IBlobStore store = BlobStores.OpenStore(null, new StoreConnection { FolderPath = Path.Combine(room.Daemon.HomePath, "store", "local1") });
        return await store.FindAsync(new BlobName("vhds", name), null, Stop);
    }
}
