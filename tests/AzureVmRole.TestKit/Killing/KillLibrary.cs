using System.Globalization;

namespace AzureVmRole.TestKit.Killing;

/// <summary>
/// A library that is loaded into a process before all others and kills it at a numbered call that changes files of a folder (see
/// kill-at-call.c). It needs Linux and a C compiler.
/// </summary>
public static class KillLibrary
{
    private static readonly Lazy<Task<string?>> Library = new(CompileAsync);

    /// <summary>The path of the library; null where it cannot be made.</summary>
    public static Task<string?> FindAsync() => Library.Value;

    /// <summary>Loads it into a process that is about to be started.</summary>
    /// <param name="environment">The process's variables.</param>
    /// <param name="library">The library.</param>
    /// <param name="folder">The folder whose changes count.</param>
    /// <param name="call">The number of the call, from 1 on; 0 for none.</param>
    /// <param name="isTorn">Whether the first half of what the call writes is still written.</param>
    public static void Arm(IDictionary<string, string?> environment, string library, string folder, int call, bool isTorn)
    {
        environment["LD_PRELOAD"] = library;
        environment["KILL_FOLDER"] = folder;
        environment["KILL_AT"] = call.ToString(CultureInfo.InvariantCulture);
        if (isTorn)
        {
            environment["KILL_TORN"] = "1";
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
        return result.ExitCode == 0 ? library : throw new InvalidOperationException($"'{source}' does not compile: {result.Error}");
    }
}
