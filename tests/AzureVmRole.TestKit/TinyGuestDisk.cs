namespace AzureVmRole.TestKit;

/// <summary>A disk that boots in two or three seconds: Debian's cloud kernel and busybox, made from Debian's packages (TinyGuest/make.sh).</summary>
public static class TinyGuestDisk
{
    private static readonly SemaphoreSlim Gate = new(1);
    private static readonly Dictionary<string, string> Problems = new(StringComparer.Ordinal);

    /// <summary>Where what the disks are made of is kept, so that it is downloaded once.</summary>
    private static string KitPath => Path.Combine(Path.GetTempPath(), $"azvmrole-tiny-{Environment.UserName}");

    /// <summary>Makes a raw image.</summary>
    /// <param name="target">Where.</param>
    /// <param name="generation">1 for BIOS, 2 for UEFI.</param>
    /// <param name="mode">What the guest does, see TinyGuest/init.</param>
    /// <param name="cancellationToken">Ends the making.</param>
    /// <returns>Why it cannot be made on this machine; null when it was.</returns>
    public static async Task<string?> MakeAsync(string target, int generation, string mode, CancellationToken cancellationToken)
    {
        await Gate.WaitAsync(cancellationToken);
        try
        {
            if (!Problems.TryGetValue(mode, out string? problem))
            {
                ProgramResult made = await ExternalProgram.RunAsync(
                    cancellationToken, "bash", Path.Combine(AppContext.BaseDirectory, "TinyGuest", "make.sh"), KitPath, generation == 1 ? "1" : "2", mode, target);
                if (made.ExitCode != 0)
                {
                    Problems[mode] = problem = $"The tiny guest's disk cannot be made here: {made.Error.Trim()}";
                }
            }

            return problem;
        }
        finally
        {
            Gate.Release();
        }
    }
}
