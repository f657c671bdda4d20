namespace AzureVmRole.TestKit;

/// <summary>A disk with Debian 12 and Azure's agents as Debian packages them (DebianGuest/make.sh). Made only where it is asked for: it downloads some hundred megabytes.</summary>
public static class DebianGuestDisk
{
    /// <summary>The environment variable that asks for it, with 1.</summary>
    public const string Switch = "AZVMROLE_REAL_IMAGES";

    private static readonly SemaphoreSlim Gate = new(1);

    /// <summary>Whether it is asked for.</summary>
    public static bool IsWanted => Environment.GetEnvironmentVariable(Switch) == "1";

    /// <summary>Where what the disks are made of is kept, so that it is downloaded once.</summary>
    private static string KitPath => Path.Combine(Path.GetTempPath(), $"azvmrole-debian-{Environment.UserName}");

    /// <summary>Makes a raw image of 2 GiB, sparse.</summary>
    /// <param name="target">Where.</param>
    /// <param name="agent"><c>waagent</c>, <c>cloud-init</c>, <c>both</c> or <c>none</c>.</param>
    /// <param name="generation">1 for BIOS, 2 for UEFI.</param>
    /// <param name="flaw">What is wrong with it, see DebianGuest/make.sh; empty for nothing.</param>
    /// <param name="cancellationToken">Ends the making.</param>
    /// <returns>Why it cannot be made on this machine; null when it was.</returns>
    public static async Task<string?> MakeAsync(string target, string agent, int generation, string flaw, CancellationToken cancellationToken)
    {
        await Gate.WaitAsync(cancellationToken);
        try
        {
            ProgramResult made = await ExternalProgram.RunAsync(
                cancellationToken, "bash", Path.Combine(AppContext.BaseDirectory, "DebianGuest", "make.sh"), KitPath, agent, generation == 1 ? "1" : "2", target, flaw);
            return made.ExitCode == 0 ? null : $"The Debian guest's disk cannot be made here: {made.Error.Trim()}";
        }
        finally
        {
            Gate.Release();
        }
    }
}
