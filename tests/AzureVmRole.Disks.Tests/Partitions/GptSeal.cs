using System.Buffers.Binary;
using AzureVmRole.Disks.Partitions;

namespace AzureVmRole.Disks.Tests.Partitions;

/// <summary>Changes a GPT the wrong way and makes its checksums right again.</summary>
internal static class GptSeal
{
    private const int HeaderOffset = 512;
    private const int EntriesOffset = 1024;
    private const int EntriesLength = 128 * 128;

    /// <summary>Gives a primary entry other sectors.</summary>
    public static void Entry(PartitionImage image, int index, long firstLba, long lastLba)
    {
        byte[] sectors = new byte[16];
        BinaryPrimitives.WriteInt64LittleEndian(sectors, firstLba);
        BinaryPrimitives.WriteInt64LittleEndian(sectors.AsSpan(8), lastLba);
        image.Write(EntriesOffset + (index * 128) + 32, sectors);
        Primary(image);
    }

    /// <summary>Changes one field of the primary header.</summary>
    public static void HeaderField(PartitionImage image, int fieldOffset, params byte[] value)
    {
        image.Write(HeaderOffset + fieldOffset, value);
        Seal(image);
    }

    private static void Primary(PartitionImage image)
    {
        byte[] checksum = new byte[4];
        BinaryPrimitives.WriteUInt32LittleEndian(checksum, Crc32.Compute(image.ReadBytes(EntriesOffset, EntriesLength)));
        image.Write(HeaderOffset + 88, checksum);
        Seal(image);
    }

    private static void Seal(PartitionImage image)
    {
        byte[] checksum = new byte[4];
        byte[] header = image.ReadBytes(HeaderOffset, 512);
        BinaryPrimitives.WriteUInt32LittleEndian(checksum, GptHeader.ComputeChecksum(header, GptHeader.Size));
        image.Write(HeaderOffset + 16, checksum);
    }
}
