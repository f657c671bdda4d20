using System.Text.Json.Nodes;
using AzureVmRole.Fabric.Media;

namespace AzureVmRole.Fabric.Disks;

/// <summary>How large a disk can be.</summary>
internal static class DiskSizes
{
    private const long Mebibyte = 1L << 20;
    private const long Smallest = 20 * Mebibyte;
    private const long LargestInGibibytes = 32_767;

    /// <summary>The size of a new disk.</summary>
    /// <param name="desired">What is asked for.</param>
    /// <param name="sourceSize">The size of what it is made from, in bytes; null when it is empty.</param>
    /// <exception cref="FabricException">No size is given for an empty disk, or one that cannot be.</exception>
    public static long ForNew(JsonObject desired, long? sourceSize)
    {
        long? wanted = Read(desired);
        if (wanted is null && sourceSize is null)
        {
            throw DocumentFields.Invalid("diskSizeGB", "Required parameter 'diskSizeGB' is missing (null).", "Give the size of the empty disk in GiB.");
        }

        return wanted is null || wanted >= sourceSize || sourceSize is null
            ? wanted ?? sourceSize ?? 0
            : throw DocumentFields.Invalid(
                "diskSizeGB", $"The size of {wanted} bytes is smaller than the {sourceSize} bytes of what the disk is made from.", "Give a larger size, or none.");
    }

    /// <summary>The size of a disk after a change.</summary>
    /// <param name="desired">What is asked for.</param>
    /// <param name="size">The size that it has, in bytes.</param>
    /// <exception cref="FabricException">A size that is smaller, or cannot be.</exception>
    public static long ForChange(JsonObject desired, long size)
    {
        long? wanted = Read(desired);
        if (DocumentFields.Number(desired, "properties", "diskSizeGB") == DiskDocument.ToGibibytes(size))
        {
            // The size as it is shown, in GiB rounded up, is no request to grow.
            wanted = DocumentFields.Number(desired, "properties", "diskSizeBytes");
        }

        return wanted is null || wanted >= size
            ? wanted ?? size
            : throw new FabricException(
                System.Net.HttpStatusCode.BadRequest, "BadRequest", "diskSizeGB",
                $"Disk size reduction is not supported. Current size is {size} bytes, requested size is {wanted} bytes.", "Give a size that is not smaller.");
    }

    private static long? Read(JsonObject desired)
    {
        if (DocumentFields.Number(desired, "properties", "diskSizeGB") is { } gibibytes and (< 1 or > LargestInGibibytes))
        {
            throw DocumentFields.Invalid(
                "diskSizeGB", $"The value '{gibibytes}' of parameter 'diskSizeGB' is out of range. The value must be between '1' and '{LargestInGibibytes}', inclusive.");
        }

        if (DocumentFields.Number(desired, "properties", "diskSizeBytes") is { } bytes
            && (bytes % Mebibyte != 0 || bytes is < Smallest or > LargestInGibibytes * DiskDocument.Gibibyte))
        {
            throw DocumentFields.Invalid(
                "diskSizeBytes", $"The size of {bytes} bytes is no whole number of MiB between 20 MiB and {LargestInGibibytes} GiB.", "Give a size in whole MiB.");
        }

        return DiskDocument.WantedSize(desired);
    }
}
