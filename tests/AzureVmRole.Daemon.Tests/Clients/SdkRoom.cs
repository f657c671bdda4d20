using Azure;
using Azure.Core;
using Azure.Core.Pipeline;
using Azure.ResourceManager;
using Azure.ResourceManager.Compute;
using Azure.ResourceManager.Compute.Models;
using Azure.ResourceManager.Resources;
using Xunit;

namespace AzureVmRole.Daemon.Tests.Clients;

/// <summary>Azure's own client for .NET, unmodified, on a daemon of its own with a resource group.</summary>
internal sealed class SdkRoom : IAsyncDisposable
{
    private SdkRoom(RunningDaemon daemon, SubscriptionResource subscription, ResourceGroupResource group)
    {
        Daemon = daemon;
        Subscription = subscription;
        Group = group;
    }

    public RunningDaemon Daemon { get; }

    public SubscriptionResource Subscription { get; }

    /// <summary><c>rg1</c> in <c>local1</c>.</summary>
    public ResourceGroupResource Group { get; }

    private static CancellationToken Stop => TestContext.Current.CancellationToken;

    public static async Task<SdkRoom> OpenAsync()
    {
        RunningDaemon daemon = await RunningDaemon.StartAsync(Stop);
        try
        {
            SubscriptionResource subscription = await NewClient(daemon).GetDefaultSubscriptionAsync(Stop);
            ArmOperation<ResourceGroupResource> group = await subscription.GetResourceGroups().CreateOrUpdateAsync(WaitUntil.Completed, Room.Group, new ResourceGroupData("local1"), Stop);
            return new SdkRoom(daemon, subscription, group.Value);
        }
        catch
        {
            await daemon.DisposeAsync();
            throw;
        }
    }

    public static ArmClient NewClient(RunningDaemon daemon)
    {
        var options = new ArmClientOptions
        {
            Environment = new ArmEnvironment(daemon.Daemon.Endpoint, "https://management.core.windows.net/"),
            Transport = new HttpClientTransport(daemon.PinnedHandler()),
        };
        return new ArmClient(new FileCredential(daemon.Token), daemon.Note["subscriptionId"]!.ToString(), options);
    }

    /// <summary>A call that Azure would refuse, with its status and code.</summary>
    public static async Task RefusedAsync(int status, string code, Func<Task> call)
    {
        RequestFailedException refusal = await Assert.ThrowsAsync<RequestFailedException>(call);
        Assert.Equal((status, code), (refusal.Status, refusal.ErrorCode));
    }

    public static async Task<List<T>> ListAsync<T>(AsyncPageable<T> pages)
        where T : notnull
    {
        var found = new List<T>();
        await foreach (T item in pages)
        {
            found.Add(item);
        }

        return found;
    }

    public async Task<ManagedDiskResource> MakeDiskAsync(string name, int sizeInGB = 1)
    {
        var data = new ManagedDiskData("local1")
        {
            CreationData = new DiskCreationData(DiskCreateOption.Empty), DiskSizeGB = sizeInGB, OSType = SupportedOperatingSystemType.Linux,
        };
        return (await Group.GetManagedDisks().CreateOrUpdateAsync(WaitUntil.Completed, name, data, Stop)).Value;
    }

    /// <summary>Registers a new VHD of the store as a generalised image.</summary>
    public async Task<DiskImageResource> MakeImageAsync(string name)
    {
        string blob = await Daemon.MakeVhdAsync($"vhds/{name}.vhd");
        return (await Group.GetDiskImages().CreateOrUpdateAsync(WaitUntil.Completed, name, ImageOf(new Uri(Daemon.FileOfBlob(blob))), Stop)).Value;
    }

    public static DiskImageData ImageOf(Uri vhd) => new("local1")
    {
        StorageProfile = new ImageStorageProfile { OSDisk = new ImageOSDisk(SupportedOperatingSystemType.Linux, OperatingSystemStateType.Generalized) { BlobUri = vhd } },
    };

    /// <summary>A running virtual machine from an image.</summary>
    public async Task<VirtualMachineResource> MakeMachineAsync(string name, ResourceIdentifier image) =>
        (await Group.GetVirtualMachines().CreateOrUpdateAsync(WaitUntil.Completed, name, MachineFrom(image), Stop)).Value;

    public static VirtualMachineData MachineFrom(ResourceIdentifier image, string size = "Standard_A1") => new("local1")
    {
        HardwareProfile = new VirtualMachineHardwareProfile { VmSize = size },
        OSProfile = new VirtualMachineOSProfile { ComputerName = "guest", AdminUsername = "me", AdminPassword = "Not-To-Be-Kept-1" },
        StorageProfile = new VirtualMachineStorageProfile
        {
            ImageReference = new ImageReference { Id = image },
            OSDisk = new VirtualMachineOSDisk(DiskCreateOptionType.FromImage),
        },
    };

    public async ValueTask DisposeAsync() => await Daemon.DisposeAsync();

    private sealed class FileCredential(string token) : TokenCredential
    {
        public override AccessToken GetToken(TokenRequestContext requestContext, CancellationToken cancellationToken) =>
            new(token, TimeProvider.System.GetUtcNow().AddHours(1));

        public override ValueTask<AccessToken> GetTokenAsync(TokenRequestContext requestContext, CancellationToken cancellationToken) =>
            ValueTask.FromResult(GetToken(requestContext, cancellationToken));
    }
}
