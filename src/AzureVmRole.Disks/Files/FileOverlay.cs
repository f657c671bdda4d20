namespace AzureVmRole.Disks.Files;

/// <summary>Bytes that reads of a file see instead of what the file holds. Later additions win.</summary>
internal sealed class FileOverlay
{
    private readonly SortedList<long, ReadOnlyMemory<byte>> _patches = [];
    private int _longest;

    public bool IsEmpty => _patches.Count == 0;

    /// <summary>Adds a patch, cutting what it covers out of the earlier ones.</summary>
    public void Add(long fileOffset, ReadOnlyMemory<byte> data)
    {
        long end = fileOffset + data.Length;
        foreach (KeyValuePair<long, ReadOnlyMemory<byte>> old in Within(fileOffset, data.Length).ToArray())
        {
            _patches.Remove(old.Key);
            if (old.Key < fileOffset)
            {
                _patches.Add(old.Key, old.Value[..(int)(fileOffset - old.Key)]);
            }

            if (old.Key + old.Value.Length > end)
            {
                _patches.Add(end, old.Value[(int)(end - old.Key)..]);
            }
        }

        _patches.Add(fileOffset, data);
        _longest = Math.Max(_longest, data.Length);
    }

    public bool Intersects(long fileOffset, long length) => !IsEmpty && Within(fileOffset, length).Any();

    public void Apply(long fileOffset, Span<byte> buffer)
    {
        if (IsEmpty)
        {
            return;
        }

        foreach ((long patchOffset, ReadOnlyMemory<byte> patch) in Within(fileOffset, buffer.Length))
        {
            long from = Math.Max(patchOffset, fileOffset);
            long to = Math.Min(patchOffset + patch.Length, fileOffset + buffer.Length);
            patch.Span[(int)(from - patchOffset)..(int)(to - patchOffset)].CopyTo(buffer[(int)(from - fileOffset)..]);
        }
    }

    /// <summary>The data ranges of the file and the patches together, in order, joined where they touch.</summary>
    public IEnumerable<FileRange> Union(IEnumerable<FileRange> data, long fileOffset, long length)
    {
        long end = fileOffset + length;
        IEnumerable<FileRange> patches = Within(fileOffset, length)
            .Select(patch => Clip(new FileRange(patch.Key, patch.Value.Length), fileOffset, end));
        FileRange? open = null;
        foreach (FileRange range in data.Concat(patches).OrderBy(range => range.Offset))
        {
            if (open is not { } last)
            {
                open = range;
            }
            else if (range.Offset <= last.End)
            {
                open = last with { Length = Math.Max(last.End, range.End) - last.Offset };
            }
            else
            {
                yield return last;
                open = range;
            }
        }

        if (open is { } rest)
        {
            yield return rest;
        }
    }

    private static FileRange Clip(FileRange range, long start, long end)
    {
        long from = Math.Max(range.Offset, start);
        return new FileRange(from, Math.Min(range.End, end) - from);
    }

    private IEnumerable<KeyValuePair<long, ReadOnlyMemory<byte>>> Within(long fileOffset, long length)
    {
        for (int index = FirstFrom(fileOffset - _longest); index < _patches.Count; index++)
        {
            long patchOffset = _patches.GetKeyAtIndex(index);
            if (patchOffset >= fileOffset + length)
            {
                yield break;
            }

            ReadOnlyMemory<byte> patch = _patches.GetValueAtIndex(index);
            if (patchOffset + patch.Length > fileOffset)
            {
                yield return KeyValuePair.Create(patchOffset, patch);
            }
        }
    }

    private int FirstFrom(long fileOffset)
    {
        int low = 0;
        int high = _patches.Count;
        while (low < high)
        {
            int middle = low + ((high - low) / 2);
            if (_patches.GetKeyAtIndex(middle) < fileOffset)
            {
                low = middle + 1;
            }
            else
            {
                high = middle;
            }
        }

        return low;
    }
}
