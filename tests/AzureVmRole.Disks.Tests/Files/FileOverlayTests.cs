using AzureVmRole.Disks.Files;
using Xunit;

namespace AzureVmRole.Disks.Tests.Files;

public sealed class FileOverlayTests
{
    [Fact]
    public void Apply_LaterPatchOverlaps_LaterWins()
    {
        var overlay = new FileOverlay();
        overlay.Add(2, new byte[] { 1, 1, 1, 1 });
        overlay.Add(3, new byte[] { 2, 2 });
        byte[] buffer = new byte[8];

        overlay.Apply(0, buffer);

        Assert.Equal([0, 0, 1, 2, 2, 1, 0, 0], buffer);
    }

    [Fact]
    public void Union_PatchInHole_IsData()
    {
        var overlay = new FileOverlay();
        overlay.Add(100, new byte[10]);

        FileRange[] ranges = overlay.Union([new FileRange(0, 50), new FileRange(105, 20)], 0, 200).ToArray();

        Assert.Equal([new FileRange(0, 50), new FileRange(100, 25)], ranges);
    }

    [Fact]
    public void Intersects_OutsidePatch_IsFalse()
    {
        var overlay = new FileOverlay();
        overlay.Add(100, new byte[10]);

        Assert.True(overlay.Intersects(109, 1));
        Assert.False(overlay.Intersects(110, 5));
        Assert.False(overlay.Intersects(90, 10));
    }
}
