using System.Globalization;
using AzureVmRole.TestKit;
using Xunit;

namespace AzureVmRole.Engine.Tests.Killing;

/// <summary>
/// A library that is loaded into a process before all others and kills it at a numbered call that changes files (see
/// kill-at-call.c). It needs Linux and a C compiler; without them processes are killed by time alone.
/// </summary>
internal static class KillShim
{
    private static readonly Lazy<Task<string?>> Library = new(CompileAsync);

    /// <summary>The path of the library, or null.</summary>
    public static Task<string?> FindAsync() => Library.Value;

    /// <summary>Loads it into a process.</summary>
    public static void Arm(TargetProcess process, string library, DiskFolder folder, KillPoint point)
    {
        process.Environment["LD_PRELOAD"] = library;
        process.Environment["KILL_FOLDER"] = folder.Path;
        process.Environment["KILL_AT"] = point.Call.ToString(CultureInfo.InvariantCulture);
        if (point.IsTorn)
        {
            process.Environment["KILL_TORN"] = "1";
        }
    }

    private static async Task<string?> CompileAsync()
    {
        if (!OperatingSystem.IsLinux() || !ExternalProgram.IsInstalled("cc"))
        {
            return null;
        }

        string source = Path.Combine(AppContext.BaseDirectory, "kill-at-call.c");
        string library = Path.Combine(AppContext.BaseDirectory, "kill-at-call.so");
        ProgramResult result = await ExternalProgram.RunAsync(
            CancellationToken.None, "cc", "-shared", "-fPIC", "-O1", "-o", library, source, "-ldl");
        Assert.True(result.ExitCode == 0, result.Everything);
        return library;
    }
}
