using System.Buffers.Binary;
using System.IO.Hashing;
using System.Text;

namespace AzureVmRole.Engine.Tests.Storage.Publishing;

/// <summary>The content hash, word for word as docs/formats/content-hash.md has it.</summary>
internal static class NaiveContentHash
{
    private const int Leaf = 65536;
    private const int LeavesPerSpan = 64;

    public static string Of(ReadOnlySpan<byte> content) => Of(content, content.Length, content.Length);

    /// <summary>The hash of the first whole spans of a disk.</summary>
    public static string Of(ReadOnlySpan<byte> content, long diskLength, long prefixLength)
    {
        byte[] length = new byte[8];
        BinaryPrimitives.WriteInt64LittleEndian(length, diskLength);
        var spans = new List<byte>([.. Encoding.ASCII.GetBytes("AzureVmRole content 2\n"), .. length]);
        var leaves = new List<byte>();
        for (int offset = 0; offset < prefixLength; offset += Leaf)
        {
            int end = (int)Math.Min(offset + Leaf, prefixLength);
            leaves.AddRange(XxHash128.Hash(content[offset..end]));
            if (leaves.Count == LeavesPerSpan * 16 || end == prefixLength)
            {
                spans.AddRange(XxHash128.Hash(leaves.ToArray()));
                leaves.Clear();
            }
        }

        return Convert.ToHexStringLower(XxHash128.Hash(spans.ToArray()));
    }
}
