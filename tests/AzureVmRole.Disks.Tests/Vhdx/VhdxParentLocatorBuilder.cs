using System.Buffers.Binary;
using System.Text;

namespace AzureVmRole.Disks.Tests.Vhdx;

/// <summary>Builds parent locator items from [MS-VHDX] section 2.6.2.6.</summary>
internal static class VhdxParentLocatorBuilder
{
    private const int HeaderSize = 20;
    private const int EntrySize = 12;

    public static byte[] Build(params (string Key, string Value)[] pairs)
    {
        int textOffset = HeaderSize + (pairs.Length * EntrySize);
        byte[] item = new byte[textOffset + pairs.Sum(pair => 2 * (pair.Key.Length + pair.Value.Length))];
        new Guid("B04AEFB7-D19E-4A81-B789-25B8E9445913").TryWriteBytes(item);
        BinaryPrimitives.WriteUInt16LittleEndian(item.AsSpan(18), (ushort)pairs.Length);
        for (int index = 0; index < pairs.Length; index++)
        {
            Span<byte> entry = item.AsSpan(HeaderSize + (index * EntrySize));
            textOffset = WriteText(item, entry, entry[8..], textOffset, pairs[index].Key);
            textOffset = WriteText(item, entry[4..], entry[10..], textOffset, pairs[index].Value);
        }

        return item;
    }

    public static byte[] ForParent(Guid linkage, string relativePath) =>
        Build(("parent_linkage", linkage.ToString("B")), ("relative_path", relativePath));

    private static int WriteText(byte[] item, Span<byte> offsetField, Span<byte> lengthField, int textOffset, string text)
    {
        BinaryPrimitives.WriteInt32LittleEndian(offsetField, textOffset);
        BinaryPrimitives.WriteUInt16LittleEndian(lengthField, (ushort)(text.Length * 2));
        return textOffset + Encoding.Unicode.GetBytes(text, item.AsSpan(textOffset));
    }
}
