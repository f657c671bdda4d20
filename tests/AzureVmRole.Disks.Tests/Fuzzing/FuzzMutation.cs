using System.Buffers.Binary;

namespace AzureVmRole.Disks.Tests.Fuzzing;

/// <summary>The damage of one case, all decided by its number.</summary>
internal sealed class FuzzMutation
{
    private static readonly ulong[] Temptations =
    [
        0, 1, 2, 3, 4, 6, 7, 8, 0x1FF, 0x200, 0x201, 0xFFF, 0x1000, 0x10000, 0x100000, 0x200000, 0x7FFFFFFF, 0x80000000,
        0xFFFFFFFE, 0xFFFFFFFF, 0x100000006, 1UL << 40, 1UL << 46, 1UL << 62, 0x4000000000000001, 0x7FFFFFFFFFFFFE00, 0x7FFFFFFFFFFFFFFF,
        0x8000000000000000, 0x8000000000010000, 0xFFFFFFFFFFF00006, ulong.MaxValue - 511, ulong.MaxValue,
    ];

    private readonly FuzzSeed _seed;
    private readonly Random _random;

    public FuzzMutation(FuzzSeed seed, int number)
    {
        _seed = seed;
        _random = new Random(number);
        if (_random.Next(10) == 0 && ChangeContent())
        {
            return;
        }

        for (int count = _random.Next(1, 4); count > 0; count--)
        {
            FuzzFile file = seed.Files[_random.Next(4) > 0 ? 0 : _random.Next(seed.Files.Count)];
            Damage(file);
        }

        foreach (FuzzFile file in seed.Files.Where(file => file.IsChanged))
        {
            if (_random.Next(4) > 0)
            {
                file.Mend?.Invoke(file);
            }

            if (_random.Next(14) == 0)
            {
                file.Cut(RandomLength(file));
            }
        }
    }

    /// <summary>What the disk shows now, where only content was changed; else null.</summary>
    public byte[]? Expected { get; private set; }

    public void Apply()
    {
        foreach (FuzzFile file in _seed.Files)
        {
            file.Apply();
        }
    }

    public void Undo()
    {
        foreach (FuzzFile file in _seed.Files)
        {
            file.Undo();
        }
    }

    private bool ChangeContent()
    {
        FuzzFile file = _seed.Main;
        if (file.Payload.Length == 0)
        {
            return false;
        }

        (int fileOffset, int length, int diskOffset) = file.Payload[_random.Next(file.Payload.Length)];
        int at = _random.Next(length);
        byte[] data = new byte[Math.Min(length - at, _random.Next(1, 2000))];
        _random.NextBytes(data);
        file.Set(fileOffset + at, data);
        Expected = [.. _seed.Content];
        data.CopyTo(Expected, diskOffset + at);
        return true;
    }

    private void Damage(FuzzFile file)
    {
        (int start, int length) = file.Structures[_random.Next(file.Structures.Length)];
        int offset = start + _random.Next(length);
        switch (_random.Next(10))
        {
            case 0:
                file.Set(offset, [(byte)(file.Bytes[offset] ^ (1 << _random.Next(8)))]);
                break;
            case 1:
                byte[] noise = new byte[_random.Next(1, 64)];
                _random.NextBytes(noise);
                file.Set(offset, noise);
                break;
            case 2:
                // Another place's bytes: two entries alike, a structure over another.
                (int otherStart, int otherLength) = file.Structures[_random.Next(file.Structures.Length)];
                int width = 1 << _random.Next(2, 7);
                int from = (otherStart + _random.Next(otherLength)) & -Math.Min(width, 8);
                int copied = Math.Min(width, file.Bytes.Length - from);
                file.Set(offset & -Math.Min(width, 8), file.Bytes.AsSpan(from, copied));
                break;
            case 3 when _seed.Files.Count > 1:
                // One file in another's place: a disk that is its own parent, a parent of another kind.
                FuzzFile other = _seed.Files[_random.Next(_seed.Files.Count)];
                file.Set(0, other.Sound[..Math.Min(other.Sound.Length, 1 << 16)]);
                break;
            default:
                SetField(file, offset);
                break;
        }
    }

    private void SetField(FuzzFile file, int offset)
    {
        int width = 1 << _random.Next(4);
        offset &= -width;
        ulong value = _random.Next(4) == 0 ? Nearby(file, offset, width) : Temptations[_random.Next(Temptations.Length)];
        byte[] bytes = new byte[8];
        if (file.IsBigEndian)
        {
            BinaryPrimitives.WriteUInt64BigEndian(bytes, value);
            file.Set(offset, bytes.AsSpan(8 - width));
        }
        else
        {
            BinaryPrimitives.WriteUInt64LittleEndian(bytes, value);
            file.Set(offset, bytes.AsSpan(0, width));
        }
    }

    /// <summary>The field's own value and a little: off by one, one block further.</summary>
    private ulong Nearby(FuzzFile file, int offset, int width)
    {
        byte[] bytes = new byte[8];
        int available = Math.Min(width, file.Bytes.Length - offset);
        file.Bytes.AsSpan(offset, available).CopyTo(file.IsBigEndian ? bytes.AsSpan(8 - width) : bytes);
        ulong value = file.IsBigEndian ? BinaryPrimitives.ReadUInt64BigEndian(bytes) : BinaryPrimitives.ReadUInt64LittleEndian(bytes);
        return unchecked(value + (ulong)_random.Next(-9, 10));
    }

    private int RandomLength(FuzzFile file) => _random.Next(3) switch
    {
        0 => _random.Next(file.Bytes.Length),
        1 => _random.Next(file.Bytes.Length) & -512,
        _ => file.Bytes.Length - _random.Next(Math.Min(2048, file.Bytes.Length)),
    };
}
