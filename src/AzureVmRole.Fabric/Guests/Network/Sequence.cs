namespace AzureVmRole.Fabric.Guests.Network;

/// <summary>Sequence numbers go round (RFC 9293 section 3.4).</summary>
internal static class Sequence
{
    public static uint Add(uint number, uint length) => unchecked(number + length);

    /// <summary>How far one number is behind another: negative when it is before it.</summary>
    public static int Distance(uint from, uint to) => unchecked((int)(to - from));
}
