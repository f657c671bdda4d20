using AzureVmRole.Fabric.Guests;
using AzureVmRole.Fabric.Guests.Beats;
using AzureVmRole.Fabric.Proofs;
using Xunit;

namespace AzureVmRole.Fabric.Tests.Proofs;

/// <summary>Signals as real guests give them, and what is said of them.</summary>
public sealed class ProofReasonTests
{
    private const string Waagent = "WALinuxAgent";

    private static readonly GuestBeats Start = GuestBeats.Start(new BeatOptions(), DateTimeOffset.UnixEpoch);

    [Fact]
    public void OfReady_WaagentAfterItHasProvisioned_Null() =>
        Assert.Null(ProofReason.OfReady(With((GuestSignalKind.GoalStatePolled, Waagent), (GuestSignalKind.NotReady, Waagent), (GuestSignalKind.Ready, Waagent))));

    [Fact]
    public void OfReady_CloudInitThatCouldNotEject_Null() => Assert.Null(ProofReason.OfReady(With((GuestSignalKind.MetadataRead, "cloud-init"), (GuestSignalKind.Ready, "cloud-init"))));

    [Fact]
    public void OfReady_WaagentAtOnce_NotGeneralised() => Assert.StartsWith(
        "The image is not generalised: it takes itself for a guest that is provisioned already. WALinuxAgent reported Ready without having provisioned",
        ProofReason.OfReady(With((GuestSignalKind.GoalStatePolled, Waagent), (GuestSignalKind.Ready, Waagent), (GuestSignalKind.StatusPut, Waagent))), StringComparison.Ordinal);

    [Fact]
    public void Of_StatusAndNoReport_StaysInProvisioning()
    {
        string reason = ProofReason.Of(With((GuestSignalKind.GoalStatePolled, Waagent), (GuestSignalKind.StatusPut, Waagent)), ConsoleStage.Login, "not ready after 00:20:00");

        Assert.StartsWith("The image is not generalised", reason, StringComparison.Ordinal);
        Assert.Contains("stays in provisioning", reason, StringComparison.Ordinal);
        Assert.Contains("not ready after 00:20:00. Last seen: Put its status", reason, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(nameof(ConsoleStage.Login), "The system started and no agent reported: waited. It asked for no address over DHCP. Its serial console shows a login prompt.")]
    [InlineData(nameof(ConsoleStage.Kernel), "The system did not start: waited. It asked for no address over DHCP. Its serial console shows the kernel and nothing after it.")]
    [InlineData(nameof(ConsoleStage.Silent), "The system did not start: waited. It asked for no address over DHCP. Its serial console stayed empty.")]
    public void Of_NothingOnTheNetwork_SaysHowFarTheConsoleCame(string stage, string reason) =>
        Assert.Equal(reason, ProofReason.Of(Start, Enum.Parse<ConsoleStage>(stage), "waited"));

    [Theory]
    [InlineData(nameof(GuestSignalKind.AddressAsked), "The system did not start: waited. It asked for an address over DHCP and did not take it. ")]
    [InlineData(nameof(GuestSignalKind.AddressTaken), "The system started and no agent reported: waited. It took its address over DHCP. ")]
    [InlineData(nameof(GuestSignalKind.GoalStatePolled), "An agent began and did not report that it is ready: waited. Last seen: Asked for the goal state")]
    public void Of_SomethingOnTheNetwork_SaysWhat(string kind, string reason) =>
        Assert.StartsWith(reason, ProofReason.Of(With((Enum.Parse<GuestSignalKind>(kind), Waagent)), ConsoleStage.Loader, "waited"), StringComparison.Ordinal);

    private static GuestBeats With(params (GuestSignalKind Kind, string Agent)[] signals) =>
        signals.Aggregate(Start, (beats, signal) => beats.Take(new GuestSignal(signal.Kind, DateTimeOffset.UnixEpoch.AddSeconds(30), signal.Agent, "2.7.3.0")));
}
