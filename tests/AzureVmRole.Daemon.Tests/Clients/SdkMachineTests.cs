using Azure;
using Azure.ResourceManager.Compute;
using Azure.ResourceManager.Compute.Models;
using Xunit;

namespace AzureVmRole.Daemon.Tests.Clients;

/// <summary>Virtual machines through the .NET client: every action of the dialect, lists, views, refusals.</summary>
public sealed class SdkMachineTests
{
    private static CancellationToken Stop => TestContext.Current.CancellationToken;

    [Fact(Timeout = 120_000)]
    public async Task Client_Machine_LivesThroughAllActions()
    {
        await using SdkRoom room = await SdkRoom.OpenAsync();
        DiskImageResource image = await room.MakeImageAsync("base");
        VirtualMachineResource machine = await room.MakeMachineAsync("vm1", image.Id);
        Assert.Equal(("vm1", "Succeeded", CachingType.ReadWrite), (machine.Data.Name, machine.Data.ProvisioningState, machine.Data.StorageProfile.OSDisk.Caching));
        Assert.Null(machine.Data.OSProfile.AdminPassword);
        Assert.Contains("PowerState/running", await StatusesOf(machine), StringComparison.Ordinal);

        await machine.RestartAsync(WaitUntil.Completed, Stop);
        await machine.PowerOffAsync(WaitUntil.Completed, skipShutdown: true, Stop);
        Assert.Contains("PowerState/stopped", await StatusesOf(machine), StringComparison.Ordinal);
        await machine.PowerOnAsync(WaitUntil.Completed, Stop);
        await machine.ReapplyAsync(WaitUntil.Completed, Stop);
        await machine.RedeployAsync(WaitUntil.Completed, Stop);
        string before = (await machine.GetAsync(cancellationToken: Stop)).Value.Data.StorageProfile.OSDisk.Name;
        await machine.ReimageAsync(WaitUntil.Completed, new VirtualMachineReimageContent { TempDisk = true }, Stop);
        Assert.NotEqual(before, (await machine.GetAsync(cancellationToken: Stop)).Value.Data.StorageProfile.OSDisk.Name, StringComparer.Ordinal);
        Assert.True(await room.Group.GetManagedDisks().ExistsAsync(before, Stop));
        await machine.DeallocateAsync(WaitUntil.Completed, cancellationToken: Stop);
        Assert.Contains("PowerState/deallocated", await StatusesOf(machine), StringComparison.Ordinal);
        await machine.GeneralizeAsync(Stop);
        Assert.Contains("OSState/generalized", await StatusesOf(machine), StringComparison.Ordinal);

        VirtualMachineCaptureResult captured = (await machine.CaptureAsync(WaitUntil.Completed, new VirtualMachineCaptureContent("pre", "captures", true), Stop)).Value;
        Assert.Contains("pre-osDisk.", Assert.Single(captured.Resources).ToString(), StringComparison.Ordinal);
        DiskImageResource second = (await room.Group.GetDiskImages().CreateOrUpdateAsync(WaitUntil.Completed, "second", new DiskImageData("local1") { SourceVirtualMachineId = machine.Id }, Stop)).Value;
        string osDisk = (await machine.GetAsync(cancellationToken: Stop)).Value.Data.StorageProfile.OSDisk.Name;
        await machine.DeleteAsync(WaitUntil.Completed, forceDeletion: true, Stop);
        Assert.True(await room.Group.GetManagedDisks().ExistsAsync(osDisk, Stop));
        Assert.False(await room.Group.GetVirtualMachines().ExistsAsync("vm1", cancellationToken: Stop));
        Assert.Equal("Succeeded", (await room.MakeMachineAsync("vm2", second.Id)).Data.ProvisioningState);
        await machine.DeleteAsync(WaitUntil.Completed, cancellationToken: Stop);
    }

    [Fact(Timeout = 120_000)]
    public async Task Client_MachinePatched_GetsDisksCachingSizeAndTags()
    {
        await using SdkRoom room = await SdkRoom.OpenAsync();
        VirtualMachineResource machine = await room.MakeMachineAsync("vm1", (await room.MakeImageAsync("base")).Id);
        ManagedDiskResource existing = await room.MakeDiskAsync("existing");
        var attach = new VirtualMachinePatch { StorageProfile = new VirtualMachineStorageProfile() };
        attach.StorageProfile.DataDisks.Add(new VirtualMachineDataDisk(0, DiskCreateOptionType.Empty) { Name = "made", DiskSizeGB = 1 });
        attach.StorageProfile.DataDisks.Add(new VirtualMachineDataDisk(1, DiskCreateOptionType.Attach) { ManagedDisk = new VirtualMachineManagedDisk { Id = existing.Id }, Caching = CachingType.ReadOnly });
        VirtualMachineResource patched = (await machine.UpdateAsync(WaitUntil.Completed, attach, Stop)).Value;
        Assert.Equal("0 made None, 1 existing ReadOnly", string.Join(", ", patched.Data.StorageProfile.DataDisks.Select(disk => $"{disk.Lun} {disk.Name} {disk.Caching}")));
        Assert.Equal((DiskState.Attached, machine.Id), ((await existing.GetAsync(Stop)).Value.Data.DiskState, (await existing.GetAsync(Stop)).Value.Data.ManagedBy));

        // As the classic pipeline does it: read, change, put back.
        VirtualMachineData data = patched.Data;
        data.StorageProfile.OSDisk.Caching = CachingType.ReadOnly;
        data.StorageProfile.DataDisks.RemoveAt(1);
        data.HardwareProfile.VmSize = "Standard_A2";
        data.Tags["a"] = "b";
        VirtualMachineResource put = (await room.Group.GetVirtualMachines().CreateOrUpdateAsync(WaitUntil.Completed, "vm1", data, Stop)).Value;
        Assert.Equal(
            (CachingType.ReadOnly, "made", "Standard_A2", "b"),
            (put.Data.StorageProfile.OSDisk.Caching, put.Data.StorageProfile.DataDisks.Single().Name, put.Data.HardwareProfile.VmSize?.ToString(), put.Data.Tags["a"]));
        Assert.Equal(DiskState.Unattached, (await existing.GetAsync(Stop)).Value.Data.DiskState);
        Assert.Equal("d", (await put.AddTagAsync("c", "d", Stop)).Value.Data.Tags["c"]);
        Assert.Contains(await SdkRoom.ListAsync(put.GetAvailableSizesAsync(Stop)), size => size.Name == "Standard_A3");
    }

    [Fact(Timeout = 120_000)]
    public async Task Client_Machines_AreListedByGroupSubscriptionAndLocation()
    {
        await using SdkRoom room = await SdkRoom.OpenAsync();
        DiskImageResource image = await room.MakeImageAsync("base");
        await room.MakeMachineAsync("vm1", image.Id);
        await room.MakeMachineAsync("vm2", image.Id);
        static string Names(IEnumerable<VirtualMachineResource> machines) => string.Join(' ', machines.Select(machine => machine.Data.Name));
        Assert.Equal("vm1 vm2", Names(await SdkRoom.ListAsync(room.Group.GetVirtualMachines().GetAllAsync(cancellationToken: Stop))));
        Assert.Equal("vm1 vm2", Names(await SdkRoom.ListAsync(room.Subscription.GetVirtualMachinesByLocationAsync("local1", Stop))));
        Assert.Empty(await SdkRoom.ListAsync(room.Subscription.GetVirtualMachinesByLocationAsync("local2", Stop)));
        List<VirtualMachineResource> status = await SdkRoom.ListAsync(room.Subscription.GetVirtualMachinesAsync(statusOnly: "true", cancellationToken: Stop));
        Assert.Equal("vm1 vm2", Names(status));
        Assert.All(status, machine => Assert.Contains(machine.Data.InstanceView.Statuses, item => item.Code == "PowerState/running"));
        List<VirtualMachineResource> expanded = await SdkRoom.ListAsync(room.Subscription.GetVirtualMachinesAsync(expand: ExpandTypesForListVm.InstanceView, cancellationToken: Stop));
        Assert.All(expanded, machine => Assert.Contains(machine.Data.InstanceView.Statuses, item => item.Code == "HostKind/Simulated"));
        VirtualMachineResource read = await room.Group.GetVirtualMachineAsync("VM1", InstanceViewType.InstanceView, Stop);
        Assert.Contains("Simulated", read.Data.InstanceView.OSName, StringComparison.Ordinal);
        Assert.Empty(await SdkRoom.ListAsync(read.GetVirtualMachineExtensions().GetAllAsync(cancellationToken: Stop)));
    }

    [Fact(Timeout = 120_000)]
    public async Task Client_MachineWrong_IsRefusedWithAzuresCodes()
    {
        await using SdkRoom room = await SdkRoom.OpenAsync();
        DiskImageResource image = await room.MakeImageAsync("base");
        VirtualMachineCollection machines = room.Group.GetVirtualMachines();
        Task Make(Action<VirtualMachineData> change)
        {
            VirtualMachineData data = SdkRoom.MachineFrom(image.Id);
            change(data);
            return machines.CreateOrUpdateAsync(WaitUntil.Completed, "x", data, Stop);
        }

        await SdkRoom.RefusedAsync(400, "InvalidParameter", () => Make(data => data.HardwareProfile.VmSize = "Standard_Nothing"));
        await SdkRoom.RefusedAsync(400, "InvalidParameter", () => Make(data => data.OSProfile = null));
        await SdkRoom.RefusedAsync(400, "InvalidParameter", () => Make(data => data.OSProfile.AdminUsername = null));
        await SdkRoom.RefusedAsync(404, "ResourceNotFound", () => Make(data => data.StorageProfile.ImageReference.Id = image.Id.Parent!.AppendProviderResource("Microsoft.Compute", "images", "none")));
        await SdkRoom.RefusedAsync(404, "PlatformImageNotFound", () => Make(data => data.StorageProfile.ImageReference = new ImageReference { Publisher = "Canonical", Offer = "x", Sku = "y", Version = "latest" }));
        await SdkRoom.RefusedAsync(400, "InvalidParameter", () => Make(data => data.StorageProfile.DataDisks.Add(new VirtualMachineDataDisk(64, DiskCreateOptionType.Empty) { DiskSizeGB = 1 })));
        await SdkRoom.RefusedAsync(409, "OperationNotAllowed", () => Make(data => Enumerable.Range(0, 3).ToList().ForEach(
            lun => data.StorageProfile.DataDisks.Add(new VirtualMachineDataDisk(lun, DiskCreateOptionType.Empty) { DiskSizeGB = 1 }))));
        Assert.Empty(await SdkRoom.ListAsync(machines.GetAllAsync(cancellationToken: Stop)));
        Assert.Empty(await SdkRoom.ListAsync(room.Group.GetManagedDisks().GetAllAsync(Stop)));

        VirtualMachineResource machine = await room.MakeMachineAsync("vm1", image.Id);
        await SdkRoom.RefusedAsync(409, "OperationNotAllowed", () => machine.GeneralizeAsync(Stop));
        await SdkRoom.RefusedAsync(409, "OperationNotAllowed", () => machine.CaptureAsync(WaitUntil.Completed, new VirtualMachineCaptureContent("a", "b", true), Stop));
        await SdkRoom.RefusedAsync(409, "OperationNotAllowed", () => machine.RunCommandAsync(WaitUntil.Completed, new RunCommandInput("RunShellScript"), Stop));
        await SdkRoom.RefusedAsync(409, "OperationNotAllowed", () => machine.ConvertToManagedDisksAsync(WaitUntil.Completed, Stop));
        await SdkRoom.RefusedAsync(409, "OperationNotAllowed", () => machine.PerformMaintenanceAsync(WaitUntil.Completed, Stop));
        await SdkRoom.RefusedAsync(409, "OperationNotAllowed", () => machine.AssessPatchesAsync(WaitUntil.Completed, Stop));
        await SdkRoom.RefusedAsync(409, "OperationNotAllowed", () => machine.SimulateEvictionAsync(Stop));
        await SdkRoom.RefusedAsync(409, "OperationNotAllowed", () => machine.RetrieveBootDiagnosticsDataAsync(cancellationToken: Stop));
        await SdkRoom.RefusedAsync(409, "PropertyChangeNotAllowed", () => machine.UpdateAsync(WaitUntil.Completed, new VirtualMachinePatch { OSProfile = new VirtualMachineOSProfile { ComputerName = "other" } }, Stop));
        await machine.PowerOffAsync(WaitUntil.Completed, cancellationToken: Stop);
        await SdkRoom.RefusedAsync(409, "OperationNotAllowed", () => machine.RestartAsync(WaitUntil.Completed, Stop));
        await machine.GeneralizeAsync(Stop);
        await SdkRoom.RefusedAsync(409, "OperationNotAllowed", () => machine.PowerOnAsync(WaitUntil.Completed, Stop));
        await machine.DeleteAsync(WaitUntil.Completed, cancellationToken: Stop);
        await SdkRoom.RefusedAsync(404, "ResourceNotFound", () => machine.PowerOnAsync(WaitUntil.Completed, Stop));
        await SdkRoom.RefusedAsync(404, "ResourceNotFound", () => machine.InstanceViewAsync(Stop));
    }

    /// <summary>What fails after its request was accepted reaches the client with its code, whether it polls a status or waits for a PATCH.</summary>
    [Fact(Timeout = 120_000)]
    public async Task Client_MachineThatFailsLater_SaysWhy()
    {
        await using SdkRoom room = await SdkRoom.OpenAsync();
        DiskImageResource image = await room.MakeImageAsync("base");
        VirtualMachineData data = SdkRoom.MachineFrom(image.Id);
        data.Tags["azvmrole-simulate"] = "start=fail:no power";
        RequestFailedException failed = await Assert.ThrowsAsync<RequestFailedException>(
            () => room.Group.GetVirtualMachines().CreateOrUpdateAsync(WaitUntil.Completed, "vm1", data, Stop));
        Assert.Equal("InternalExecutionError", failed.ErrorCode);
        Assert.Contains("no power", failed.Message, StringComparison.Ordinal);
        VirtualMachineResource machine = await room.Group.GetVirtualMachineAsync("vm1", cancellationToken: Stop);
        Assert.Equal("Failed", machine.Data.ProvisioningState);

        await SdkRoom.RefusedAsync(200, "InternalExecutionError", () => machine.PowerOnAsync(WaitUntil.Completed, Stop));
        await machine.UpdateAsync(WaitUntil.Completed, new VirtualMachinePatch { Tags = { ["azvmrole-simulate"] = "attach=fail:no slot" } }, Stop);
        await machine.PowerOnAsync(WaitUntil.Completed, Stop);
        var attach = new VirtualMachinePatch { StorageProfile = new VirtualMachineStorageProfile() };
        attach.StorageProfile.DataDisks.Add(new VirtualMachineDataDisk(0, DiskCreateOptionType.Empty) { DiskSizeGB = 1 });
        RequestFailedException refused = await Assert.ThrowsAsync<RequestFailedException>(() => machine.UpdateAsync(WaitUntil.Completed, attach, Stop));
        Assert.Contains("no slot", refused.Message, StringComparison.Ordinal);
    }

    private static async Task<string> StatusesOf(VirtualMachineResource machine)
    {
        VirtualMachineInstanceView view = await machine.InstanceViewAsync(Stop);
        return string.Join(' ', view.Statuses.Select(status => status.Code));
    }
}
