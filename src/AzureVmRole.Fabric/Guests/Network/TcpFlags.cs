namespace AzureVmRole.Fabric.Guests.Network;

/// <summary>The control bits of a TCP segment (RFC 9293 section 3.1).</summary>
[Flags]
internal enum TcpFlags : byte
{
    None = 0,
    Finish = 1,
    Synchronize = 2,
    Reset = 4,
    Push = 8,
    Acknowledge = 16,
}
