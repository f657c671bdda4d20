using System.Buffers.Binary;
using AzureVmRole.TestKit;

namespace AzureVmRole.Disks.Tests.Vhd;

/// <summary>Changes the bytes of VHD files and, where asked, makes their checksums right again.</summary>
internal static class VhdBytes
{
    public const int FooterSize = 512;
    public const int FooterChecksum = 64;
    public const int HeaderChecksum = 36;

    /// <summary>Writes a field of the tail footer.</summary>
    public static byte[] SetFooter(byte[] image, int field, byte[] value, bool seal = true) =>
        Set(image, image.Length - FooterSize, FooterSize, field, value, seal ? FooterChecksum : -1);

    /// <summary>Writes a field of the copy of the footer.</summary>
    public static byte[] SetCopy(byte[] image, int field, byte[] value, bool seal = true) =>
        Set(image, 0, FooterSize, field, value, seal ? FooterChecksum : -1);

    /// <summary>Writes a field of both footers of a dynamic disk.</summary>
    public static byte[] SetBoth(byte[] image, int field, byte[] value) => SetCopy(SetFooter(image, field, value), field, value);

    /// <summary>Writes a field of the dynamic header.</summary>
    public static byte[] SetHeader(byte[] image, int field, byte[] value, bool seal = true) =>
        Set(image, VhdImageBuilder.HeaderOffset, 1024, field, value, seal ? HeaderChecksum : -1);

    /// <summary>Writes a table entry.</summary>
    public static byte[] SetEntry(byte[] image, int index, uint value)
    {
        byte[] changed = [.. image];
        BinaryPrimitives.WriteUInt32BigEndian(changed.AsSpan(VhdImageBuilder.TableOffset + (index * 4)), value);
        return changed;
    }

    public static uint GetEntry(byte[] image, int index) =>
        BinaryPrimitives.ReadUInt32BigEndian(image.AsSpan(VhdImageBuilder.TableOffset + (index * 4)));

    public static byte[] UInt32(uint value)
    {
        byte[] bytes = new byte[4];
        BinaryPrimitives.WriteUInt32BigEndian(bytes, value);
        return bytes;
    }

    public static byte[] UInt64(ulong value)
    {
        byte[] bytes = new byte[8];
        BinaryPrimitives.WriteUInt64BigEndian(bytes, value);
        return bytes;
    }

    private static byte[] Set(byte[] image, int start, int length, int field, byte[] value, int checksum)
    {
        byte[] changed = [.. image];
        value.CopyTo(changed, start + field);
        if (checksum >= 0)
        {
            VhdImageBuilder.Seal(changed.AsSpan(start, length), checksum);
        }

        return changed;
    }
}
