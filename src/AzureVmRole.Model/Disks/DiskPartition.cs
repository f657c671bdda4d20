using System.Globalization;

namespace AzureVmRole;

/// <summary>One partition of a disk.</summary>
public sealed record DiskPartition
{
    /// <summary>The partition's number: the entry in the GPT or MBR, logical partitions from 5 on.</summary>
    public required int Number { get; init; }

    /// <summary>Where it starts, in bytes from the start of the disk.</summary>
    public required long Offset { get; init; }

    /// <summary>Its length in bytes.</summary>
    public required long Size { get; init; }

    /// <summary>The type by name where it is known (for example <c>EFI System</c>), else its code.</summary>
    public required string Type { get; init; }

    /// <summary>The type as the table holds it: two hexadecimal digits (MBR) or a GUID (GPT).</summary>
    public required string TypeCode { get; init; }

    /// <summary>The name in a GPT entry; empty for MBR.</summary>
    public string Name { get; init; } = "";

    /// <summary>The unique id of a GPT entry; empty for MBR.</summary>
    public Guid Identifier { get; init; }

    /// <summary>Whether an MBR entry is marked active, or a GPT entry legacy-BIOS bootable.</summary>
    public bool IsActive { get; init; }

    /// <inheritdoc/>
    public override string ToString() =>
        string.Create(CultureInfo.InvariantCulture, $"{Number}: {Type}, {Size:N0} bytes");
}
