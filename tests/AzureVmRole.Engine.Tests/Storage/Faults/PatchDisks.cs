using AzureVmRole.TestKit;

namespace AzureVmRole.Engine.Tests.Storage.Faults;

/// <summary>A small base and a difference on it that writes, hides and adds data, so that its upload has requests of every kind.</summary>
internal sealed class PatchDisks : IDisposable
{
    private const int MiB = 1 << 20;
    private const int Length = 3 * MiB;

    private readonly DiskFolder _folder = new();

    private PatchDisks()
    {
    }

    public string BasePath => _folder["base.vhd"];

    public string TopPath => _folder["top.vhd"];

    /// <summary>What the difference shows.</summary>
    public byte[] Top { get; private set; } = [];

    public static async Task<PatchDisks> MakeAsync()
    {
        var disks = new PatchDisks();
        ReferenceDisk lower = new ReferenceDisk(Length)
            .Fill(0, 70_000, 1)
            .Fill(MiB, 300_000, 2)
            .Fill(Length - 512, 512, 3);
        await disks._folder.MakeAsync("base.vhd", lower, VhdType.Dynamic);
        ReferenceDisk top = await disks._folder.MakeDifferenceAsync(
            "top.vhd", "base.vhd", lower, (4096, 8192, 4), (MiB + 65_536, 131_072, 0), ((5 * MiB) / 2, 1024, 5));
        disks.Top = top.Content;
        return disks;
    }

    public void Dispose() => _folder.Dispose();
}
