namespace AzureVmRole.Fabric.Hosts.Qemu;

/// <summary>QEMU refused a command of its machine protocol.</summary>
/// <param name="command">The command; empty when only the reason is known.</param>
/// <param name="reason">QEMU's own words.</param>
internal sealed class QmpException(string command, string reason) : InvalidOperationException(command.Length > 0 ? $"QEMU refused '{command}': {reason}" : reason);
