namespace AzureVmRole.Disks.Tests.Vhdx;

/// <summary>One write of a log entry: 4096 bytes of data, or zeros.</summary>
internal sealed record VhdxLogWrite(long FileOffset, byte[]? Data, long ZeroLength = 0)
{
    /// <summary>The first 4 KiB of the BAT with these entries from the start on.</summary>
    public static VhdxLogWrite Bat(params ulong[] entries)
    {
        byte[] data = new byte[4096];
        Buffer.BlockCopy(entries, 0, data, 0, entries.Length * 8);
        return new VhdxLogWrite(VhdxImageBuilder.BatOffset, data);
    }
}
