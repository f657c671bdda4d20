using AzureVmRole.TestKit;

namespace AzureVmRole.Engine.Tests.Storage.Faults;

/// <summary>A small disk whose upload takes a handful of requests: data at both ends, a large run, single pieces, holes.</summary>
internal static class FaultDisk
{
    private const int MiB = 1 << 20;

    public static ReferenceDisk Content { get; } = new ReferenceDisk(16 * MiB)
        .Fill(0, 70_000, 1)
        .Fill(2 * MiB, 5 * MiB, 2)
        .Fill(10 * MiB, 1024, 3)
        .Fill((16 * MiB) - 512, 512, 4);

    /// <summary>Writes it to a raw file.</summary>
    public static string SaveTo(string path)
    {
        Content.SaveRaw(path);
        return path;
    }
}
