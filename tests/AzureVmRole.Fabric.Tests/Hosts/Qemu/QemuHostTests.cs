using System.Diagnostics;
using System.Text.Json.Nodes;
using AzureVmRole.Fabric.Operations;
using AzureVmRole.Fabric.Resources;
using AzureVmRole.Fabric.Tests.VirtualMachines;
using AzureVmRole.Fabric.VirtualMachines;
using Xunit;

namespace AzureVmRole.Fabric.Tests.Hosts.Qemu;

/// <summary>Virtual machines of a fabric that really boot: the tiny guest under real QEMU.</summary>
public sealed class QemuHostTests
{
    private const int Timeout = 240_000;

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Theory(Timeout = Timeout)]
    [InlineData(1)]
    [InlineData(2)]
    public async Task Create_FromImage_IsProvisioned_AndItsSecretsAreGone(int generation)
    {
        await using QemuFabric fabric = await QemuFabric.StartAsync(generation: generation);
        ResourceId id = await fabric.Inner.CreateAsync("web1", QemuFabric.Body());

        JsonObject view = fabric.Inner.Machines.ReadPart(id, "instanceView", VmFabric.Query());
        Assert.Equal(("PowerState/running", "HostKind/Qemu"), (fabric.Inner.Status(id, "PowerState"), fabric.Inner.Status(id, "HostKind")));
        Assert.Equal(("TinyAgent", "Ready"), ((string?)view["vmAgent"]!["vmAgentVersion"], (string?)view["vmAgent"]!["statuses"]![0]!["displayStatus"]));
        Assert.StartsWith("127.0.0.1:", (string?)view["statuses"]!.AsArray().Single(status => (string)status!["code"]! == "PortForward/22")!["displayStatus"], StringComparison.Ordinal);
        await fabric.ForConsoleAsync(id, "tiny: provisioned as host user azureuser");
        Assert.True(File.Exists(new Uri((string)fabric.Inner.Machines.ReadPart(id, "instanceView", VmFabric.Query())["bootDiagnostics"]!["consoleScreenshotBlobUri"]!).LocalPath));

        Assert.False(File.Exists(Path.Combine(fabric.FolderOf(id), "secrets.json")));
        Assert.Empty(FilesWith("Secret-Word-1", fabric.Inner.Fabric.Home.Root));
    }

    [Fact(Timeout = Timeout)]
    public async Task Create_OSDiskOnNvme_GuestSeesItSo_AndDataDisksStillComeWhileItRuns()
    {
        await using QemuFabric fabric = await QemuFabric.StartAsync(generation: 2);
        JsonObject body = QemuFabric.Body();
        body["properties"]!["storageProfile"]!["diskControllerType"] = "NVMe";
        ResourceId id = await fabric.Inner.CreateAsync("web1", body);
        await fabric.ForConsoleAsync(id, "tiny: disks nvme0n1=131072 0:0:0:1=");

        VmFabric.Succeeded(await fabric.Inner.PatchAsync(id, """{"properties":{"storageProfile":{"dataDisks":[{"lun":7,"createOption":"Empty","diskSizeGB":1}]}}}"""));
        await fabric.ForConsoleAsync(id, "0:0:1:7=2097152");
        VmFabric.Succeeded(await fabric.Inner.ActAsync(id, "deallocate"));
        VmFabric.Succeeded(await fabric.Inner.PatchAsync(id, """{"properties":{"storageProfile":{"diskControllerType":"SCSI"}}}"""));
        VmFabric.Succeeded(await fabric.Inner.ActAsync(id, "start"));
        await fabric.ForConsoleAsync(id, "tiny: disks 0:0:0:0=131072 0:0:0:1=");
    }

    [Fact(Timeout = Timeout)]
    public async Task Create_NotReadyYet_SecretsAreTheOwnersOnly_AndGoWithTheMachine()
    {
        await using QemuFabric fabric = await QemuFabric.StartAsync("noagent");
        ResourceId id = VmFabric.Machine("web1");
        await fabric.Inner.Machines.PutAsync(id, QemuFabric.Body(), VmFabric.Query(), Token);
        await QemuFabric.ForAsync(() => Task.FromResult(fabric.Inner.Observed(id).Power == VmPower.Running), "The guest does not run");
        await fabric.ForConsoleAsync(id, "tiny: no agent");

        string secrets = Path.Combine(fabric.FolderOf(id), "secrets.json");
        string folder = fabric.FolderOf(id);
        Assert.Equal(secrets, Assert.Single(FilesWith("Secret-Word-1", fabric.Inner.Fabric.Home.Root)));
        if (!OperatingSystem.IsWindows())
        {
            Assert.Equal(UnixFileMode.UserRead | UnixFileMode.UserWrite, File.GetUnixFileMode(secrets));
            Assert.Equal(UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute, File.GetUnixFileMode(folder));
        }

        Assert.Equal("ProvisioningState/creating/OSProvisioningInprogress", fabric.Inner.Status(id, "ProvisioningState"));
        VmFabric.Succeeded(await fabric.Inner.DeleteAsync(id));
        Assert.False(Directory.Exists(folder));
    }

    [Fact(Timeout = Timeout)]
    public async Task Create_AgentGivesUp_FailsWithItsWords()
    {
        await using QemuFabric fabric = await QemuFabric.StartAsync("fail");

        VmFabric.Failed("OSProvisioningClientError", await fabric.Inner.PutAsync(VmFabric.Machine("web1"), QemuFabric.Body()));

        Assert.Contains("The tiny agent was told to fail.", fabric.Inner.Observed(VmFabric.Machine("web1")).FaultMessage, StringComparison.Ordinal);
    }

    [Fact(Timeout = Timeout)]
    public async Task Create_NoAgent_TimesOutAndSaysWhatWasSeen()
    {
        await using QemuFabric fabric = await QemuFabric.StartAsync("noagent", change: options => options with { ProvisioningLimit = TimeSpan.FromSeconds(15) });

        VmFabric.Failed("OSProvisioningTimedOut", await fabric.Inner.PutAsync(VmFabric.Machine("web1"), QemuFabric.Body()));

        string? fault = fabric.Inner.Observed(VmFabric.Machine("web1")).FaultMessage;
        Assert.Matches("did not report that it is ready within 15 seconds: .* after its start", fault);
    }

    [Fact(Timeout = Timeout)]
    public async Task StopStartRestart_GuestShutsDownAndBootsAgain()
    {
        await using QemuFabric fabric = await QemuFabric.StartAsync();
        ResourceId id = await fabric.Inner.CreateAsync("web1", QemuFabric.Body());
        await fabric.ForConsoleAsync(id, "tiny: ready");

        VmFabric.Succeeded(await fabric.Inner.ActAsync(id, "powerOff"));
        Assert.Equal("PowerState/stopped", fabric.Inner.Status(id, "PowerState"));
        Assert.Contains("tiny: power button", await fabric.ConsoleAsync(id), StringComparison.Ordinal);

        VmFabric.Succeeded(await fabric.Inner.ActAsync(id, "start"));
        await fabric.ForConsoleAsync(id, "tiny: ready");
        Assert.DoesNotContain("tiny: provisioned", await fabric.ConsoleAsync(id), StringComparison.Ordinal);

        VmFabric.Succeeded(await fabric.Inner.ActAsync(id, "restart"));
        await fabric.ForConsoleAsync(id, "tiny: ready");
        VmFabric.Succeeded(await fabric.Inner.ActAsync(id, "deallocate"));
        Assert.False(Directory.Exists(fabric.FolderOf(id)));
    }

    [Fact(Timeout = Timeout)]
    public async Task DataDisks_AttachedAndDetachedWhileItRuns_SeenByLun()
    {
        await using QemuFabric fabric = await QemuFabric.StartAsync();
        ResourceId id = await fabric.Inner.CreateAsync("web1", QemuFabric.Body());
        await fabric.ForConsoleAsync(id, "tiny: disks 0:0:0:0=");

        VmFabric.Succeeded(await fabric.Inner.PatchAsync(id, """{"properties":{"storageProfile":{"dataDisks":[{"lun":7,"createOption":"Empty","diskSizeGB":1,"caching":"ReadOnly"}]}}}"""));
        await fabric.ForConsoleAsync(id, "0:0:1:7=2097152");
        VmFabric.Succeeded(await fabric.Inner.PatchAsync(id, """{"properties":{"storageProfile":{"dataDisks":[]}}}"""));

        await QemuFabric.ForAsync(async () => LastDisks(await fabric.ConsoleAsync(id)) is { } disks && !disks.Contains("0:0:1:7", StringComparison.Ordinal), "The disk is still there");
        Assert.DoesNotContain(fabric.Inner.Observed(id).Disks, disk => disk.Lun == 7);
    }

    [Fact(Timeout = Timeout)]
    public async Task Guest_FallsSilent_IsReset_ThenCountsAsFailed()
    {
        await using QemuFabric fabric = await QemuFabric.StartAsync("silent", change: options => options with { HeartbeatLimit = TimeSpan.FromSeconds(10) });
        ResourceId id = await fabric.Inner.CreateAsync("web1", QemuFabric.Body());

        await QemuFabric.ForAsync(async () => (await fabric.ConsoleAsync(id)).Split("tiny: boot").Length > 2, "The guest was not reset");

        await QemuFabric.ForAsync(() => Task.FromResult(fabric.Inner.Observed(id).Message?.Contains("It was reset at", StringComparison.Ordinal) == true), "Nobody says that it was reset");
    }

    [Fact(Timeout = Timeout)]
    public async Task Qemu_Killed_GuestIsStartedAgain()
    {
        await using QemuFabric fabric = await QemuFabric.StartAsync();
        ResourceId id = await fabric.Inner.CreateAsync("web1", QemuFabric.Body());
        Process before = QemuOf(fabric, id)!;

        before.Kill();

        await QemuFabric.ForAsync(() => Task.FromResult(QemuOf(fabric, id) is { } now && now.Id != before.Id), "QEMU was not started again");
        await fabric.ForConsoleAsync(id, "tiny: ready");
        Assert.Equal("PowerState/running", fabric.Inner.Status(id, "PowerState"));
    }

    [Fact(Timeout = Timeout)]
    public async Task Fabric_StoppedAndStarted_GuestIsShutDownAndBootsAgain()
    {
        await using QemuFabric fabric = await QemuFabric.StartAsync();
        ResourceId id = await fabric.Inner.CreateAsync("web1", QemuFabric.Body());
        await fabric.ForConsoleAsync(id, "tiny: ready");
        string console = Path.Combine(fabric.FolderOf(id), "console.log");
        Process before = QemuOf(fabric, id)!;

        await fabric.ReopenAsync();

        Assert.True(before.HasExited);
        await QemuFabric.ForAsync(() => Task.FromResult(QemuOf(fabric, id) is not null), "The guest was not started again");
        await fabric.ForConsoleAsync(id, "tiny: ready");
        Assert.DoesNotContain("tiny: provisioned", await File.ReadAllTextAsync(console, Token), StringComparison.Ordinal);
    }

    [Fact(Timeout = Timeout)]
    public async Task Capture_OfAProvisionedGuest_BootsAsANewInstance()
    {
        await using QemuFabric fabric = await QemuFabric.StartAsync();
        ResourceId id = await fabric.Inner.CreateAsync("web1", QemuFabric.Body());
        VmFabric.Succeeded(await fabric.Inner.ActAsync(id, "powerOff"));
        VmFabric.Succeeded(await fabric.Inner.ActAsync(id, "generalize"));
        Operation? captured = await fabric.Inner.ActAsync(id, "capture", """{"vhdPrefix":"web","destinationContainerName":"captured","overwriteVhds":true}""");
        VmFabric.Succeeded(captured);
        string uri = (string)captured!.Result!["resources"]![0]!["properties"]!["storageProfile"]!["osDisk"]!["image"]!["uri"]!;
        VmFabric.Succeeded(await fabric.Inner.AddImageAsync("captured", blob: uri));

        ResourceId second = await fabric.Inner.CreateAsync("web2", QemuFabric.Body("captured"));

        await fabric.ForConsoleAsync(second, "tiny: provisioned as host user azureuser");
    }

    private static string? LastDisks(string console) =>
        console.Split('\n').LastOrDefault(line => line.StartsWith("tiny: disks", StringComparison.Ordinal));

    /// <summary>The process of an instance: its name is on its command line.</summary>
    private static Process? QemuOf(QemuFabric fabric, ResourceId id)
    {
        string name = $"azvmrole-{VmIntent.Parse(fabric.Inner.Row(id).Desired).VmId}";
        return Array.Find(Process.GetProcessesByName("qemu-system-x86_64"), process =>
        {
            string line = $"/proc/{process.Id}/cmdline";
            return File.Exists(line) && File.ReadAllText(line).Contains(name, StringComparison.Ordinal);
        });
    }

    private static IEnumerable<string> FilesWith(string text, string folder) => Directory.EnumerateFiles(folder, "*", SearchOption.AllDirectories)
        .Where(path => new FileInfo(path).Length < 32 << 20 && Path.GetFileName(path) != "fabric.lock" && File.ReadAllText(path).Contains(text, StringComparison.Ordinal));
}
