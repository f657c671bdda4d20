namespace AzureVmRole.Disks.Partitions;

/// <summary>One of the two copies of a GPT, as found on the disk.</summary>
public sealed record GptCopy
{
    /// <summary>The sector where the header was looked for.</summary>
    public required long Lba { get; init; }

    /// <summary>The header; null where the sector holds none.</summary>
    public GptHeader? Header { get; init; }

    /// <summary>Why the copy cannot be used, for people; null when it is sound.</summary>
    public string? Fault { get; init; }

    /// <summary>The header's sector as it is on the disk.</summary>
    internal byte[] Sector { get; init; } = [];

    /// <summary>The entry array as it is on the disk; empty unless the copy is sound.</summary>
    internal byte[] Entries { get; init; } = [];

    /// <summary>Whether the header itself, whatever its entries, passed its checks.</summary>
    internal bool IsHeaderSound { get; init; }
}
