using AzureVmRole.TestKit;
using Xunit;

namespace AzureVmRole.Engine.Tests.Misuse;

/// <summary>A volume of a few MiB in memory. Only root may mount one; other accounts skip the test.</summary>
internal sealed class SmallVolume : IAsyncDisposable
{
    /// <summary>The file that fills the volume up.</summary>
    public const string FillerName = "filler";

    private readonly TemporaryFolder _folder = new();

    /// <summary>Where the volume is mounted.</summary>
    public string Path => _folder.Path;

    /// <summary>The absolute path of a file on the volume.</summary>
    public string this[string name] => _folder.File(name);

    public static async Task<SmallVolume> MountAsync(int mebibytes)
    {
        var volume = new SmallVolume();
        ProgramResult? result = ExternalProgram.IsInstalled("mount")
            ? await ExternalProgram.RunAsync(
                TestContext.Current.CancellationToken, "mount", "-t", "tmpfs", "-o", $"size={mebibytes}m", "tmpfs", volume.Path)
            : null;
        if (result is not { ExitCode: 0 })
        {
            volume._folder.Dispose();
            Assert.Skip($"A small volume cannot be mounted here: {result?.Error.Trim() ?? "there is no mount program"}.");
        }

        return volume;
    }

    /// <summary>Takes all the room that is left.</summary>
    public void Fill()
    {
        using FileStream file = File.Create(this[FillerName]);
        byte[] piece = new byte[4096];
        try
        {
            while (true)
            {
                file.Write(piece);
                file.Flush();
            }
        }
        catch (IOException)
        {
            // Full, as wanted.
        }
    }

    /// <summary>Takes away the right to write from everybody, root included.</summary>
    public async Task MakeReadOnlyAsync()
    {
        ProgramResult result = await ExternalProgram.RunAsync(TestContext.Current.CancellationToken, "mount", "-o", "remount,ro", Path);
        Assert.True(result.ExitCode == 0, result.Error);
    }

    public async ValueTask DisposeAsync()
    {
        // Lazily: a cancelled operation gives its file back a moment later.
        await ExternalProgram.RunAsync(CancellationToken.None, "umount", "--lazy", Path);
        _folder.Dispose();
    }
}
