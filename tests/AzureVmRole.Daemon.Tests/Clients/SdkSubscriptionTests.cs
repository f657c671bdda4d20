using Azure.ResourceManager;
using Azure.ResourceManager.Compute;
using Azure.ResourceManager.Compute.Models;
using Azure.ResourceManager.Resources;
using Azure.ResourceManager.Resources.Models;
using Xunit;

namespace AzureVmRole.Daemon.Tests.Clients;

/// <summary>Subscriptions, tenants, locations and providers through the .NET client.</summary>
public sealed class SdkSubscriptionTests
{
    private static CancellationToken Stop => TestContext.Current.CancellationToken;

    [Fact(Timeout = 120_000)]
    public async Task Client_Subscription_IsFoundInEachWay()
    {
        await using SdkRoom room = await SdkRoom.OpenAsync();
        ArmClient client = SdkRoom.NewClient(room.Daemon);
        SubscriptionResource only = Assert.Single(await SdkRoom.ListAsync(client.GetSubscriptions().GetAllAsync(Stop)));
        Assert.Equal((room.Daemon.Note["subscriptionId"]!.ToString(), SubscriptionState.Enabled), (only.Data.SubscriptionId, only.Data.State));
        Assert.Equal(only.Data.TenantId, Assert.Single(await SdkRoom.ListAsync(client.GetTenants().GetAllAsync(Stop))).Data.TenantId);
        Assert.True(await client.GetSubscriptions().ExistsAsync(only.Data.SubscriptionId, Stop));
        Assert.False(await client.GetSubscriptions().ExistsAsync("11111111-1111-1111-1111-111111111111", Stop));
        await SdkRoom.RefusedAsync(404, "SubscriptionNotFound", () => client.GetSubscriptions().GetAsync("11111111-1111-1111-1111-111111111111", Stop));
    }

    [Fact(Timeout = 120_000)]
    public async Task Client_Locations_AreListedWithWhatTheyOffer()
    {
        await using SdkRoom room = await SdkRoom.OpenAsync();
        Assert.Equal("local1 local2", string.Join(' ', (await SdkRoom.ListAsync(room.Subscription.GetLocationsAsync(cancellationToken: Stop))).Select(location => location.Name)));
        List<VirtualMachineSize> sizes = await SdkRoom.ListAsync(room.Subscription.GetVirtualMachineSizesAsync("local2", Stop));
        Assert.Contains(sizes, size => size is { Name: "Standard_A1", NumberOfCores: 1, MemoryInMB: 1792, MaxDataDiskCount: 2 });
        Assert.Contains(await SdkRoom.ListAsync(room.Subscription.GetUsagesAsync("local1", Stop)), usage => usage.Name.Value == "cores" && usage.CurrentValue == 0);
        List<ComputeResourceSku> skus = await SdkRoom.ListAsync(room.Subscription.GetComputeResourceSkusAsync("location eq 'local1'", cancellationToken: Stop));
        Assert.Equal(sizes.Count, skus.Count(sku => sku.ResourceType == "virtualMachines" && sku.Locations.Single() == "local1"));
        Assert.Empty(await SdkRoom.ListAsync(room.Subscription.GetVirtualMachineImagePublishersAsync("local1", Stop)));
        await SdkRoom.RefusedAsync(404, "NoRegisteredProviderFound", () => SdkRoom.ListAsync(room.Subscription.GetVirtualMachineSizesAsync("mars", Stop)));
        await SdkRoom.RefusedAsync(
            404, "PlatformImageNotFound", () => room.Subscription.GetVirtualMachineImageAsync("local1", "Canonical", "Server", "24_04", "latest", Stop));
    }

    [Fact(Timeout = 120_000)]
    public async Task Client_Providers_AreListedReadAndRegistered()
    {
        await using SdkRoom room = await SdkRoom.OpenAsync();
        ResourceProviderCollection providers = room.Subscription.GetResourceProviders();
        Assert.Equal(
            "Microsoft.Compute Microsoft.Resources", string.Join(' ', (await SdkRoom.ListAsync(providers.GetAllAsync(cancellationToken: Stop))).Select(provider => provider.Data.Namespace)));
        ResourceProviderResource compute = await providers.GetAsync("microsoft.compute", cancellationToken: Stop);
        ProviderResourceType machines = compute.Data.ResourceTypes.Single(type => type.ResourceType == "virtualMachines");
        Assert.Contains("local1", machines.Locations, StringComparer.Ordinal);
        Assert.NotEmpty(machines.ApiVersions);
        Assert.Equal("Registered", (await compute.RegisterAsync(cancellationToken: Stop)).Value.Data.RegistrationState);
        Assert.Equal(compute.Data.ResourceTypes.Count, (await SdkRoom.ListAsync(compute.GetProviderResourceTypesAsync(cancellationToken: Stop))).Count);
        TenantResource tenant = Assert.Single(await SdkRoom.ListAsync(SdkRoom.NewClient(room.Daemon).GetTenants().GetAllAsync(Stop)));
        Assert.Equal(2, (await SdkRoom.ListAsync(tenant.GetTenantResourceProvidersAsync(expand: null, cancellationToken: Stop))).Count);
        await SdkRoom.RefusedAsync(404, "InvalidResourceNamespace", () => providers.GetAsync("Microsoft.Network", cancellationToken: Stop));
    }
}
