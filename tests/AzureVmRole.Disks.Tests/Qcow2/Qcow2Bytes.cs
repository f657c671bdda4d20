using System.Buffers.Binary;

namespace AzureVmRole.Disks.Tests.Qcow2;

/// <summary>Reads and writes bytes of a file.</summary>
internal static class Qcow2Bytes
{
    public static void Write(string path, long offset, params ReadOnlySpan<byte> bytes)
    {
        using FileStream file = File.OpenWrite(path);
        file.Position = offset;
        file.Write(bytes);
    }

    public static void WriteUInt64(string path, long offset, ulong value)
    {
        byte[] bytes = new byte[8];
        BinaryPrimitives.WriteUInt64BigEndian(bytes, value);
        Write(path, offset, bytes);
    }

    public static ulong ReadUInt64(string path, long offset)
    {
        byte[] bytes = new byte[8];
        using FileStream file = File.OpenRead(path);
        file.Position = offset;
        file.ReadExactly(bytes);
        return BinaryPrimitives.ReadUInt64BigEndian(bytes);
    }

    /// <summary>Where the first L2 table of an image is.</summary>
    public static long FirstTable(string path) => (long)(ReadUInt64(path, (long)ReadUInt64(path, 40)) & 0x00FF_FFFF_FFFF_FE00);
}
