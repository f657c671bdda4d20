using Azure;
using Azure.ResourceManager.Compute;
using Azure.ResourceManager.Resources;
using Azure.ResourceManager.Resources.Models;
using Xunit;

namespace AzureVmRole.Daemon.Tests.Clients;

/// <summary>Resource groups and what is in them through the .NET client.</summary>
public sealed class SdkGroupTests
{
    private static CancellationToken Stop => TestContext.Current.CancellationToken;

    [Fact(Timeout = 120_000)]
    public async Task Client_Group_LivesThroughItsOperations()
    {
        await using SdkRoom room = await SdkRoom.OpenAsync();
        ResourceGroupCollection groups = room.Subscription.GetResourceGroups();
        ResourceGroupResource made = (await groups.CreateOrUpdateAsync(WaitUntil.Completed, "Other", new ResourceGroupData("local2") { Tags = { ["env"] = "dev" } }, Stop)).Value;
        Assert.Equal(("Other", "local2", "Succeeded"), (made.Data.Name, made.Data.Location.Name, made.Data.ResourceGroupProvisioningState));
        Assert.True(await groups.ExistsAsync("OTHER", Stop));
        Assert.False(await groups.ExistsAsync("none", Stop));
        Assert.Equal("Other rg1", string.Join(' ', (await SdkRoom.ListAsync(groups.GetAllAsync(cancellationToken: Stop))).Select(group => group.Data.Name)));
        Assert.Equal("Other", Assert.Single(await SdkRoom.ListAsync(groups.GetAllAsync("tagName eq 'env' and tagValue eq 'dev'", cancellationToken: Stop))).Data.Name);
        Assert.Equal(2, (await SdkRoom.ListAsync(groups.GetAllAsync(top: 1, cancellationToken: Stop))).Count);

        ResourceGroupResource patched = await made.UpdateAsync(new ResourceGroupPatch { Tags = { ["env"] = "test" } }, Stop);
        Assert.Equal("test", patched.Data.Tags["env"]);
        Assert.Equal("a env", string.Join(' ', (await patched.AddTagAsync("a", "b", Stop)).Value.Data.Tags.Keys.Order(StringComparer.Ordinal)));
        Assert.Equal("a", Assert.Single((await patched.RemoveTagAsync("env", Stop)).Value.Data.Tags).Key);
        Assert.Equal("x", Assert.Single((await patched.SetTagsAsync(new Dictionary<string, string>(StringComparer.Ordinal) { ["x"] = "y" }, Stop)).Value.Data.Tags).Key);

        await made.DeleteAsync(WaitUntil.Completed, cancellationToken: Stop);
        Assert.False(await groups.ExistsAsync("other", Stop));
    }

    [Fact(Timeout = 120_000)]
    public async Task Client_GroupWrong_IsRefusedWithAzuresCodes()
    {
        await using SdkRoom room = await SdkRoom.OpenAsync();
        ResourceGroupCollection groups = room.Subscription.GetResourceGroups();
        await SdkRoom.RefusedAsync(404, "ResourceGroupNotFound", () => groups.GetAsync("none", Stop));
        await SdkRoom.RefusedAsync(400, "LocationNotAvailableForResourceGroup", () => groups.CreateOrUpdateAsync(WaitUntil.Completed, "x", new ResourceGroupData("mars"), Stop));
        await SdkRoom.RefusedAsync(409, "InvalidResourceGroupLocation", () => groups.CreateOrUpdateAsync(WaitUntil.Completed, "rg1", new ResourceGroupData("local2"), Stop));
        ResourceGroupResource gone = room.Subscription.GetResourceGroup("rg1", Stop);
        await gone.DeleteAsync(WaitUntil.Completed, cancellationToken: Stop);
        await SdkRoom.RefusedAsync(404, "ResourceGroupNotFound", () => gone.DeleteAsync(WaitUntil.Completed, cancellationToken: Stop));
        await SdkRoom.RefusedAsync(404, "ResourceGroupNotFound", () => gone.UpdateAsync(new ResourceGroupPatch(), Stop));
    }

    [Fact(Timeout = 120_000)]
    public async Task Client_Group_ListsAndDeletesWhatIsInIt()
    {
        await using SdkRoom room = await SdkRoom.OpenAsync();
        DiskImageResource image = await room.MakeImageAsync("base");
        await room.MakeMachineAsync("vm1", image.Id);
        List<GenericResource> found = await SdkRoom.ListAsync(room.Group.GetGenericResourcesAsync("resourceType eq 'Microsoft.Compute/virtualMachines'", cancellationToken: Stop));
        Assert.Equal("vm1", Assert.Single(found).Data.Name);
        Assert.Equal(3, (await SdkRoom.ListAsync(room.Subscription.GetGenericResourcesAsync(expand: "provisioningState", top: 1, cancellationToken: Stop))).Count);

        GenericResource disk = (await SdkRoom.ListAsync(room.Group.GetGenericResourcesAsync("substringof('OsDisk', name)", cancellationToken: Stop))).Single();
        Assert.Equal("local1", (await disk.GetAsync(Stop)).Value.Data.Location.Name);
        await SdkRoom.RefusedAsync(409, "OperationNotAllowed", () => disk.DeleteAsync(WaitUntil.Completed, Stop));

        await room.Group.DeleteAsync(WaitUntil.Completed, cancellationToken: Stop);
        Assert.Empty(await SdkRoom.ListAsync(room.Subscription.GetGenericResourcesAsync(cancellationToken: Stop)));
        Assert.True(File.Exists(room.Daemon.FileOfBlob("vhds/base.vhd")));
    }
}
