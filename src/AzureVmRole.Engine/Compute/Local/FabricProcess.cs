using System.ComponentModel;
using System.Diagnostics;
using System.Globalization;

namespace AzureVmRole.Engine.Compute.Local;

/// <summary>The fabric's program, started so that it outlives this process and is not stopped by a Ctrl-C that is meant for it.</summary>
internal sealed class FabricProcess : IDisposable
{
    // The shell lets go of the caller's pipes: who reads them would wait for the program's end. It has no job control, which would take the terminal
    // from the caller; what it starts behind itself does not hear the terminal's Ctrl-C, and leaves the terminal by itself.
    private const string UnixStart = "exec >/dev/null 2>&1 </dev/null; log=\"$1\"; shift; nohup \"$@\" >\"$log\" 2>&1 </dev/null & wait $!";

    // The program's own: what it was told makes no sense, or another one has the home folder.
    private const int Usage = 2;
    private const int HomeInUse = 3;

    private readonly Process _process;
    private readonly string _home;

    private FabricProcess(Process process, string home, string logPath)
    {
        _process = process;
        _home = home;
        LogPath = logPath;
    }

    /// <summary>What the program wrote to its terminal.</summary>
    public string LogPath { get; }

    /// <summary>Whether it has ended because another fabric has the home folder, as one does that somebody else is starting.</summary>
    public bool HasFoundHomeInUse => _process.HasExited && _process.ExitCode == HomeInUse;

    /// <exception cref="FabricException">FabricNotInstalled, or the home folder cannot be made.</exception>
    public static FabricProcess Start(string home, LocalFabricOptions options)
    {
        string folder = Path.Combine(home, "fabric");
        string log = Path.Combine(folder, "start.log");
        string[] program = FabricProgram.Find();
        try
        {
            CreateFolder(folder);
            Process process = Process.Start(Describe(program, ArgumentsOf(home, options), log))
                ?? throw FabricProgram.NotInstalled(program[^1], "cannot be started", null);
            return new FabricProcess(process, home, log);
        }
        catch (Win32Exception failure)
        {
            throw FabricProgram.NotInstalled(program[^1], $"cannot be started: {failure.Message}", failure);
        }
        catch (Exception failure) when (failure is IOException or UnauthorizedAccessException)
        {
            throw new FabricException(
                ErrorCode.AccessDenied, home, $"The home folder '{home}' cannot be made or written: {failure.Message}", "Give another -HomePath.", failure);
        }
    }

    /// <summary>Whether a process of that id exists.</summary>
    public static bool IsRunning(int? processId)
    {
        try
        {
            using Process? process = processId is { } id ? Process.GetProcessById(id) : null;
            return process is { HasExited: false };
        }
        catch (Exception failure) when (failure is ArgumentException or InvalidOperationException)
        {
            return false;
        }
    }

    /// <summary>Tells why the program has ended, if it has.</summary>
    /// <exception cref="FabricException">FabricNotInstalled, FabricInUse, FabricDamaged, or FabricFailed.</exception>
    public void ThrowIfEnded()
    {
        if (!_process.HasExited)
        {
            return;
        }

        int exit = _process.ExitCode;
        string said = ReadLog();
        FabricProgram.ThrowIfNotRunnable(exit, said);
        if (exit == Usage)
        {
            throw new FabricException(
                ErrorCode.RequestInvalid, _home, $"The fabric of '{_home}' cannot be started so: {said}", "Correct -HomePath, -Location, -Port, -HeartbeatTimeout or -SimulatedLatency.");
        }

        throw new FabricException(
            CodeOf(exit), _home, $"The fabric of '{_home}' has ended with exit code {exit.ToString(CultureInfo.InvariantCulture)}{(said.Length > 0 ? ": " : ".")}{said}",
            $"Do what the message says, or look at '{LogPath}'.");
    }

    /// <summary>Lets go of the process, which goes on.</summary>
    public void Dispose() => _process.Dispose();

    private static ProcessStartInfo Describe(string[] program, List<string> arguments, string log) => OperatingSystem.IsWindows()
        ? new ProcessStartInfo(program[0], [.. program.Skip(1), .. arguments]) { UseShellExecute = false, CreateNoWindow = true }
        : new ProcessStartInfo("/bin/sh", ["-c", UnixStart, "sh", log, .. program, .. arguments]) { UseShellExecute = false };

    private static List<string> ArgumentsOf(string home, LocalFabricOptions options)
    {
        List<string> arguments = [FabricProgram.OwnSession, "--home", home, "--host-kind", options.HostKind.ToString()];
        if (options.Locations.Count > 0)
        {
            arguments.AddRange(["--locations", string.Join(',', options.Locations)]);
        }

        if (options.Port is { } port)
        {
            arguments.AddRange(["--port", port.ToString(CultureInfo.InvariantCulture)]);
        }

        if (options.HeartbeatLimit is { } limit)
        {
            arguments.AddRange(["--heartbeat-limit", limit.ToString("c", CultureInfo.InvariantCulture)]);
        }

        if (options.SimulatedLatency is { } latency)
        {
            arguments.AddRange(["--simulated-latency", latency.ToString("c", CultureInfo.InvariantCulture)]);
        }

        return arguments;
    }

    private static void CreateFolder(string folder)
    {
        if (OperatingSystem.IsWindows())
        {
            Directory.CreateDirectory(folder);
        }
        else
        {
            Directory.CreateDirectory(folder, UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute);
        }
    }

    private static ErrorCode CodeOf(int exit) => exit switch
    {
        HomeInUse => ErrorCode.FabricInUse,
        4 => ErrorCode.FabricDamaged,
        5 => ErrorCode.AccessDenied,
        6 => ErrorCode.RequestInvalid,
        _ => ErrorCode.FabricFailed,
    };

    private string ReadLog()
    {
        try
        {
            return string.Join(' ', File.ReadLines(LogPath).TakeWhile(line => !line.StartsWith(FabricProgram.Name + " --", StringComparison.Ordinal)).Take(8).Select(line => line.Trim()).Where(line => line.Length > 0 && !line.StartsWith("nohup", StringComparison.Ordinal)));
        }
        catch (IOException)
        {
            return "";
        }
    }
}
