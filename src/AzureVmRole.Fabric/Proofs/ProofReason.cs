using AzureVmRole.Fabric.Guests.Beats;

namespace AzureVmRole.Fabric.Proofs;

/// <summary>Why a guest is not ready, from what was seen of it; pure.</summary>
internal static class ProofReason
{
    /// <summary>Nobody said that it failed, and nobody that it is ready.</summary>
    /// <param name="beats">What came over the network.</param>
    /// <param name="stage">What the console showed.</param>
    /// <param name="waited">How long was waited, in words.</param>
    public static string Of(GuestBeats beats, ConsoleStage stage, string waited)
    {
        bool isAsked = beats.Steps.Any(step => step.What == GuestBeats.AddressAsked);
        bool isTaken = beats.Steps.Any(step => step.What == GuestBeats.AddressTaken);
        string network = isTaken ? "It took its address over DHCP." : isAsked ? "It asked for an address over DHCP and did not take it." : "It asked for no address over DHCP.";
        string what = beats.IsAgentHeard ? "An agent began and did not report that it is ready"
            : stage == ConsoleStage.Login || isTaken ? "The system started and no agent reported"
            : "The system did not start";
        return $"{what}: {waited}. {(beats.IsAgentHeard ? beats.LastWords() : network)} {Console(stage)}";
    }

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
