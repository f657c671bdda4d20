using System.Buffers.Binary;

namespace AzureVmRole.Disks.Vhd;

/// <summary>"Checksum": the one's complement of the sum of all bytes, the checksum field itself left out.</summary>
internal static class VhdChecksum
{
    public static uint Compute(ReadOnlySpan<byte> record, int checksumOffset)
    {
        uint sum = 0;
        for (int index = 0; index < record.Length; index++)
        {
            sum += index >= checksumOffset && index < checksumOffset + sizeof(uint) ? 0u : record[index];
        }

        return ~sum;
    }

    /// <summary>Computes the checksum and puts it into the record.</summary>
    public static void Write(Span<byte> record, int checksumOffset) =>
        BinaryPrimitives.WriteUInt32BigEndian(record[checksumOffset..], Compute(record, checksumOffset));
}
