namespace AzureVmRole.Disks.Tests.Fuzzing;

/// <summary>One file of a seed: its bytes as they are, as they have been changed, and which of them are structures.</summary>
internal sealed class FuzzFile
{
    private const int PageSize = 4096;

    private readonly byte[] _sound;
    private readonly SortedSet<int> _changedPages = [];
    private int _length;

    public FuzzFile(string path, params (int Offset, int Length)[] structures)
    {
        Path = path;
        Structures = structures;
        _sound = File.ReadAllBytes(path);
        Bytes = [.. _sound];
        _length = _sound.Length;
        Time = File.GetLastWriteTimeUtc(path);
    }

    public string Path { get; }

    /// <summary>The headers and tables: what damage is aimed at.</summary>
    public (int Offset, int Length)[] Structures { get; }

    /// <summary>Makes the checksums right again, where a format has any.</summary>
    public Action<FuzzFile>? Mend { get; init; }

    /// <summary>Runs that hold nothing but a disk's content: file offset, length, disk offset.</summary>
    public (int FileOffset, int Length, int DiskOffset)[] Payload { get; set; } = [];

    /// <summary>Which bytes numbers in this format start with.</summary>
    public bool IsBigEndian { get; init; }

    public byte[] Bytes { get; }

    public ReadOnlySpan<byte> Sound => _sound;

    public bool IsChanged => _changedPages.Count > 0 || _length < _sound.Length;

    private DateTime Time { get; }

    public void Set(int offset, ReadOnlySpan<byte> value)
    {
        value = value[..Math.Min(value.Length, Bytes.Length - offset)];
        value.CopyTo(Bytes.AsSpan(offset));
        for (int page = offset / PageSize; page <= (offset + value.Length - 1) / PageSize; page++)
        {
            _changedPages.Add(page);
        }
    }

    public void Cut(int length) => _length = length;

    public void Apply()
    {
        if (!IsChanged)
        {
            return;
        }

        using (FileStream file = File.OpenWrite(Path))
        {
            WritePages(file, Bytes);
            file.SetLength(_length);
        }

        File.SetLastWriteTimeUtc(Path, Time);
    }

    public void Undo()
    {
        if (!IsChanged)
        {
            return;
        }

        using (FileStream file = File.OpenWrite(Path))
        {
            WritePages(file, _sound);
            file.Position = Math.Min(_length, _sound.Length);
            file.Write(_sound.AsSpan((int)file.Position));
        }

        foreach (int page in _changedPages)
        {
            int length = Math.Min(PageSize, _sound.Length - (page * PageSize));
            _sound.AsSpan(page * PageSize, length).CopyTo(Bytes.AsSpan(page * PageSize));
        }

        _changedPages.Clear();
        _length = _sound.Length;
        File.SetLastWriteTimeUtc(Path, Time);
    }

    private void WritePages(FileStream file, byte[] bytes)
    {
        foreach (int page in _changedPages)
        {
            file.Position = page * PageSize;
            file.Write(bytes.AsSpan(page * PageSize, Math.Min(PageSize, bytes.Length - (page * PageSize))));
        }
    }
}
