using System.Globalization;
using AzureVmRole.Fabric.Guests.Beats;
using AzureVmRole.Fabric.Proofs;
using AzureVmRole.TestKit;
using Xunit;

namespace AzureVmRole.Fabric.Tests.Proofs;

/// <summary>Debian with its unmodified agents under real QEMU: minutes each, and some hundred megabytes of packages the first time. Run where they are asked for.</summary>
public sealed class RealImageTests : IDisposable
{
    private const string Waagent = "waagent";
    private const string CloudInit = "cloud-init";
    private const string ReportedReady = "Reported Ready";

    private readonly TemporaryFolder _folder = new();

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    public void Dispose() => _folder.Dispose();

    [Theory(Timeout = 1_800_000)]
    [InlineData(Waagent, 1, "WALinuxAgent", "2.7")]
    [InlineData(CloudInit, 2, "cloud-init", "22.4")]
    public async Task Proof_OneAgent_ReadyWithItsNameAndVersion(string agent, int generation, string name, string version)
    {
        ImageProofReport report = await ProveAsync(await MakeAsync(agent, generation));

        Assert.True(report.IsReady, report.Reason);
        Assert.Equal((name, generation), (report.Agent, report.Generation));
        Assert.StartsWith(version, report.AgentVersion, StringComparison.Ordinal);
        Assert.Contains(report.Steps, step => step.What == GuestBeats.AddressTaken);
        Assert.Contains(report.Steps, step => step.What == "Ejected the provisioning media");
        Assert.Single(report.Steps, step => step.What.StartsWith(ReportedReady, StringComparison.Ordinal));
    }

    [Fact(Timeout = 1_800_000)]
    public async Task Proof_BothAgents_FirstReadyIsNotTakenAsFinal()
    {
        ImageProofReport report = await ProveAsync(await MakeAsync("both", 1));

        Assert.True(report.IsReady, report.Reason);
        Assert.Equal("WALinuxAgent", report.Agent);
        Assert.Equal(
            [$"{ReportedReady} (cloud-init)", "Reported NotReady: Provisioning: Starting (WALinuxAgent)", $"{ReportedReady} (WALinuxAgent)"],
            report.Steps.Where(step => step.What.StartsWith("Reported", StringComparison.Ordinal)).Select(step => step.What).ToArray());
    }

    /// <summary>waagent takes another instance's disk for its own, reports that it is ready, and has provisioned nothing.</summary>
    [Fact(Timeout = 1_800_000)]
    public async Task Proof_ProvisionedByWaagent_NotGeneralised()
    {
        string disk = await MakeAsync(Waagent, 1);

        // waagent keeps custom data, and runs them only where its configuration says so.
        await ProvisionAsync(disk, "End of log to /dev/console", "sudo sh -c 'base64 -d /var/lib/waagent/CustomData | sh'");

        ImageProofReport report = await ProveAsync(disk);

        Assert.False(report.IsReady);
        Assert.StartsWith("The image is not generalised", report.Reason, StringComparison.Ordinal);
        Assert.Equal("WALinuxAgent", report.Agent);
    }

    /// <summary>cloud-init sees that the instance is another one, and provisions it like the first: nothing tells it from a generalised image.</summary>
    [Fact(Timeout = 1_800_000)]
    public async Task Proof_ProvisionedByCloudInit_ProvisionedAgain()
    {
        string disk = await MakeAsync(CloudInit, 1);
        await ProvisionAsync(disk, "Cloud-init v. 22.4.2 finished", "cat /etc/custom-data");

        ImageProofReport report = await ProveAsync(disk);

        Assert.True(report.IsReady, report.Reason);
        Assert.Contains(report.Steps, step => step.What == "Ejected the provisioning media");
    }

    [Fact(Timeout = 1_800_000)]
    public async Task Proof_AccountCannotBeMade_HasTheAgentsWords()
    {
        ImageProofReport report = await ProveAsync(await MakeAsync(Waagent, 1, "useradd"));

        Assert.False(report.IsReady);
        Assert.Contains("useradd", report.Reason, StringComparison.Ordinal);
    }

    [Fact(Timeout = 1_800_000)]
    public async Task Proof_NoAgent_SystemStartedAndNoAgentReported()
    {
        ImageProofReport report = await ProveAsync(await MakeAsync("none", 1));

        Assert.False(report.IsReady);
        Assert.StartsWith("The system started and no agent reported: nothing new was seen of it for ", report.Reason, StringComparison.Ordinal);
        Assert.EndsWith("It took its address over DHCP. Its serial console shows a login prompt.", report.Reason, StringComparison.Ordinal);
    }

    [Fact(Timeout = 1_800_000)]
    public async Task Proof_DriverOfTheControllerMissing_RootIsNotFound()
    {
        ImageProofReport report = await ProveAsync(await MakeAsync("none", 1, "driver"));

        Assert.False(report.IsReady);
        Assert.Contains("the initial RAM disk lacks the driver of its controller: \"ALERT!  UUID=", report.Reason, StringComparison.Ordinal);
    }

    /// <summary>Boots an instance of the disk that keeps what it writes: what its agent was told is there, the account, its key, its rights, the host name, the custom data. Then it is shut down.</summary>
    private static async Task ProvisionAsync(string disk, string lastWords, string runCustomData)
    {
        await using RealGuest guest = await RealGuest.StartAsync(disk, 1, Token);
        await guest.UntilAsync(() => guest.Beats.ProvisionedAt is not null && guest.Console.Contains(lastWords, StringComparison.Ordinal), Token);
        ProgramResult logIn = await guest.RunAsync($"hostname; id -un; sudo -n id -un; {runCustomData}", Token);
        Assert.True(logIn.ExitCode == 0, logIn.Everything);
        Assert.Equal(["web1", "azureuser", "root", "ran"], logIn.Output.Split('\n', StringSplitOptions.RemoveEmptyEntries));
        await guest.ShutDownAsync(Token);
    }

    private async Task<string> MakeAsync(string agent, int generation, string flaw = "")
    {
        Assert.SkipUnless(DebianGuestDisk.IsWanted, $"{DebianGuestDisk.Switch}=1 boots Debian with its real agents.");
        Assert.SkipUnless(ExternalProgram.IsInstalled("qemu-system-x86_64"), "Needs qemu-system-x86_64.");
        Assert.SkipUnless(ExternalProgram.IsInstalled("debootstrap"), "Needs debootstrap.");
        string disk = _folder.File("os.raw");
        string? problem = await DebianGuestDisk.MakeAsync(disk, agent, generation, flaw, Token);
        Assert.SkipWhen(problem is not null, problem ?? "");
        return disk;
    }

    private async Task<ImageProofReport> ProveAsync(string disk)
    {
        string console = _folder.File("console");
        var options = new ImageProofOptions { Path = disk, Limit = TimeSpan.FromMinutes(15), ConsolePath = console };
        ImageProofReport report = await ImageProof.RunAsync(options, TimeProvider.System, Token);
        ITestOutputHelper? output = TestContext.Current.TestOutputHelper;
        output?.WriteLine(string.Create(CultureInfo.InvariantCulture, $"Ready: {report.IsReady}. {report.Reason} Agent: {report.Agent} {report.AgentVersion}. After {report.Duration.TotalSeconds:F0} s."));
        foreach (ImageProofStep step in report.Steps)
        {
            output?.WriteLine(string.Create(CultureInfo.InvariantCulture, $"{step.After.TotalSeconds,7:F1} s  {step.What}"));
        }

        string[] lines = await File.ReadAllLinesAsync(console, Token);
        output?.WriteLine($"The console's end:\n{string.Join('\n', lines.TakeLast(20))}");
        return report;
    }
}
