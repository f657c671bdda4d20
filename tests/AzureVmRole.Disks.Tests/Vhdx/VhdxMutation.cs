using System.Buffers.Binary;

namespace AzureVmRole.Disks.Tests.Vhdx;

/// <summary>
/// A change of an image that is all decided by a number: fields set to tempting values, bytes turned, runs overwritten,
/// the end cut; mostly with the checksums mended, so that what lies behind them is reached.
/// </summary>
internal sealed class VhdxMutation
{
    private static readonly ulong[] Temptations =
    [
        0, 1, 2, 6, 7, 0xFFF, 0x1000, 0x10000, 0x100000, 0x7FFFFFFF, 0x80000000, 0xFFFFFFFF, 0x100000006, 0x7FFFFFFFFFFFFFFF,
        0xFFFFFFFFFFF00006, ulong.MaxValue, (4UL << 20) | 6, (5UL << 20) | 7, 1UL << 46,
    ];

    private static readonly (int Offset, int Length)[] Structures =
    [
        (0, 520), (VhdxImageBuilder.HeaderOffset, 80), (VhdxImageBuilder.SecondHeaderOffset, 80),
        (VhdxImageBuilder.RegionTableOffset, 80), (VhdxImageBuilder.SecondRegionTableOffset, 80),
        (VhdxImageBuilder.LogOffset + (3 * 4096), 128), (VhdxImageBuilder.LogOffset + (5 * 4096), 128),
        (VhdxImageBuilder.BatOffset, 64), (VhdxImageBuilder.BatOffset + (4096 * 8), 8),
        (VhdxImageBuilder.MetadataOffset, 224), (VhdxImageBuilder.ItemsOffset, 8), (VhdxImageBuilder.ItemsOffset + 4096, 8),
        (VhdxImageBuilder.ItemsOffset + 12288, 4), (VhdxImageBuilder.ItemsOffset + 20480, 160),
    ];

    // Both copies of what is there twice: a change in one alone is only a finding.
    private static readonly (int First, int Second, int Length)[] Twins =
    [
        (VhdxImageBuilder.HeaderOffset, VhdxImageBuilder.SecondHeaderOffset, 4096),
        (VhdxImageBuilder.RegionTableOffset, VhdxImageBuilder.SecondRegionTableOffset, 64 << 10),
    ];

    private readonly byte[] _sound;
    private readonly byte[] _head;
    private readonly long _length;

    public VhdxMutation(byte[] sound, int seed)
    {
        var random = new Random(seed);
        _sound = sound;
        _head = sound[..VhdxImageBuilder.BlocksOffset];
        _length = random.Next(12) == 0 ? random.Next(sound.Length) : sound.Length;
        bool mend = random.Next(5) > 0;
        for (int count = random.Next(1, 4); count > 0; count--)
        {
            Change(random);
        }

        if (mend)
        {
            Mend(random.Next(2) == 0);
        }
    }

    public void Apply(string path) => Write(path, _head, _sound.AsSpan(_head.Length), _length);

    public void Undo(string path) => Write(
        path, _sound.AsSpan(0, _head.Length), _length < _sound.Length ? _sound.AsSpan(_head.Length) : [], _sound.Length);

    // Only what differs is written: most of an image is never touched.
    private void Write(string path, ReadOnlySpan<byte> head, ReadOnlySpan<byte> blocks, long length)
    {
        using FileStream file = File.OpenWrite(path);
        for (int offset = 0; offset < head.Length; offset += 4096)
        {
            if (!_head.AsSpan(offset, 4096).SequenceEqual(_sound.AsSpan(offset, 4096)))
            {
                file.Position = offset;
                file.Write(head.Slice(offset, 4096));
            }
        }

        if (_length < _sound.Length && length == _sound.Length)
        {
            file.Position = Math.Min(_length, head.Length);
            file.Write(head[(int)file.Position..]);
            file.Position = head.Length;
            file.Write(blocks);
        }

        file.SetLength(length);
    }

    private void Change(Random random)
    {
        (int start, int length) = Structures[random.Next(Structures.Length)];
        int offset = start + random.Next(length);
        switch (random.Next(4))
        {
            case 0:
                _head[offset] ^= (byte)(1 << random.Next(8));
                break;
            case 1:
                random.NextBytes(_head.AsSpan(offset, random.Next(1, 64)));
                break;
            default:
                int width = 1 << random.Next(1, 4);
                byte[] value = new byte[8];
                BinaryPrimitives.WriteUInt64LittleEndian(value, Temptations[random.Next(Temptations.Length)]);
                value.AsSpan(0, width).CopyTo(_head.AsSpan(offset & ~(width - 1)));
                break;
        }
    }

    private void Mend(bool alike)
    {
        foreach ((int first, int second, int length) in Twins)
        {
            bool isFirstChanged = !_head.AsSpan(first, length).SequenceEqual(_sound.AsSpan(first, length));
            if (alike)
            {
                (int from, int to) = isFirstChanged ? (first, second) : (second, first);
                _head.AsSpan(from, length).CopyTo(_head.AsSpan(to));
            }

            Seal(first, length);
            Seal(second, length);
        }

        foreach (int entry in (int[])[VhdxImageBuilder.LogOffset + (3 * 4096), VhdxImageBuilder.LogOffset + (5 * 4096)])
        {
            Seal(entry, Math.Clamp(BinaryPrimitives.ReadInt32LittleEndian(_head.AsSpan(entry + 8)) & ~7, 8, 65536));
        }
    }

    private void Seal(int offset, int length)
    {
        if (_head.AsSpan(offset, length).SequenceEqual(_sound.AsSpan(offset, length)))
        {
            return;
        }

        BinaryPrimitives.WriteUInt32LittleEndian(_head.AsSpan(offset + 4), 0);
        BinaryPrimitives.WriteUInt32LittleEndian(
            _head.AsSpan(offset + 4), ReferenceCrc32C.Compute(_head.AsSpan(offset, length)));
    }
}
