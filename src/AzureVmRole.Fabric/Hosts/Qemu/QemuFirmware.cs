namespace AzureVmRole.Fabric.Hosts.Qemu;

/// <summary>UEFI firmware for QEMU (EDK II, OVMF).</summary>
/// <param name="CodePath">The program, which is only read.</param>
/// <param name="VariablesPath">Variables as they are before the first boot; each guest gets a copy.</param>
internal sealed record QemuFirmware(string CodePath, string VariablesPath);
