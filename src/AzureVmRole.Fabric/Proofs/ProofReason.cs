using AzureVmRole.Fabric.Guests.Beats;

namespace AzureVmRole.Fabric.Proofs;

/// <summary>Why a guest is not ready, or not provisioned, from what was seen of it; pure.</summary>
internal static class ProofReason
{
    private const string Waagent = "WALinuxAgent";

    private const string NotGeneralised = "The image is not generalised: it takes itself for a guest that is provisioned already";

    /// <summary>Nobody said that it failed, and nobody that it is ready.</summary>
    /// <param name="beats">What came over the network.</param>
    /// <param name="stage">What the console showed.</param>
    /// <param name="waited">How long was waited, in words.</param>
    public static string Of(GuestBeats beats, ConsoleStage stage, string waited)
    {
        if (IsPastProvisioning(beats))
        {
            return $"{NotGeneralised}, and stays in provisioning. Its agent works, and reported nothing: {waited}. {beats.LastWords()}";
        }

        bool isAsked = beats.Steps.Any(step => step.What == GuestBeats.AddressAsked);
        bool isTaken = beats.Steps.Any(step => step.What == GuestBeats.AddressTaken);
        string network = isTaken ? "It took its address over DHCP." : isAsked ? "It asked for an address over DHCP and did not take it." : "It asked for no address over DHCP.";
        string what = beats.IsAgentHeard ? "An agent began and did not report that it is ready"
            : stage == ConsoleStage.Login || isTaken ? "The system started and no agent reported"
            : "The system did not start";
        return $"{what}: {waited}. {(beats.IsAgentHeard ? beats.LastWords() : network)} {Console(stage)}";
    }

    /// <summary>An agent puts its status, which it does once it has provisioned, and has reported nothing.</summary>
    public static bool IsPastProvisioning(GuestBeats beats) =>
        beats.Steps.Any(step => step.What == GuestBeats.StatusPut) && !beats.Steps.Any(step => step.What == GuestBeats.ReadyReported || IsNotReady(step));

    /// <summary>
    /// Why a Ready proves no provisioning; null when it does. waagent reports that it begins, unless it was provisioned before: then it only reports Ready, has made no account, and
    /// left the media where they are (WALinuxAgent, <c>pa/provision/default.py</c>, <c>check_provisioned_file</c>).
    /// </summary>
    public static string? OfReady(GuestBeats beats)
    {
        bool isProvisioned = beats.EjectedAt is not null || beats.Steps.Any(step => IsNotReady(step) || (step.What == GuestBeats.ReadyReported && step.Agent != Waagent));
        return isProvisioned ? null
            : $"{NotGeneralised}. {Waagent} reported Ready without having provisioned: it read no provisioning media and made no account. "
            + "Deprovision the guest before its disk is captured: waagent -deprovision+user.";
    }

    private static bool IsNotReady(GuestStep step) => step.What.StartsWith(GuestBeats.NotReadyReported, StringComparison.Ordinal);

    private static string Console(ConsoleStage stage) => stage switch
    {
        ConsoleStage.Silent => "Its serial console stayed empty.",
        ConsoleStage.Firmware => "Its serial console shows the firmware and nothing after it.",
        ConsoleStage.Loader => "Its serial console shows the boot loader and nothing after it; a kernel without console=ttyS0 is silent.",
        ConsoleStage.Kernel => "Its serial console shows the kernel and nothing after it.",
        ConsoleStage.System => "Its serial console shows services that start, and no login prompt.",
        _ => "Its serial console shows a login prompt.",
    };
}
