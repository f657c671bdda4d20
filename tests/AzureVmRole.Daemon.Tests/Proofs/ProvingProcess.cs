using System.Diagnostics;
using System.Text.Json.Nodes;
using AzureVmRole.Daemon.Hosting;
using AzureVmRole.TestKit;

namespace AzureVmRole.Daemon.Tests.Proofs;

/// <summary><c>azvmrole-fabric prove</c> as a process, with a temporary folder and a home of its own.</summary>
internal sealed class ProvingProcess : IDisposable
{
    private readonly TemporaryFolder _folder = new();
    private readonly Process _process;

    public ProvingProcess(params string[] arguments)
    {
        Temporary = Directory.CreateDirectory(_folder.File("t")).FullName;
        Home = _folder.File("home");
        _process = Start(arguments);
    }

    /// <summary>Where the process puts what is temporary.</summary>
    public string Temporary { get; }

    public string Home { get; }

    /// <summary>What it has left there; pipes of the runtime itself, which a killed process leaves, do not count.</summary>
    public IEnumerable<string> Files => Directory.EnumerateFileSystemEntries(Temporary, "azvmrole*");

    public int Id => _process.Id;

    public int ExitCode => _process.ExitCode;

    public StreamWriter Input => _process.StandardInput;

    /// <summary>The QEMU processes of this one: their sockets lie in its temporary folder.</summary>
    public IEnumerable<int> Guests => Directory.EnumerateDirectories("/proc")
        .Select(folder => int.TryParse(Path.GetFileName(folder), System.Globalization.CultureInfo.InvariantCulture, out int id) ? id : 0)
        .Where(id => id > 0 && CommandLineOf(id) is { } line && line.Contains(Temporary, StringComparison.Ordinal) && line.StartsWith("/usr/bin/qemu", StringComparison.Ordinal));

    /// <summary>The next message of a kind; null at the end.</summary>
    public async Task<JsonNode?> ReadAsync(string kind, CancellationToken cancellationToken)
    {
        while (await _process.StandardOutput.ReadLineAsync(cancellationToken) is { } line)
        {
            if (JsonNode.Parse(line) is { } message && message["kind"]!.GetValue<string>() == kind)
            {
                return message;
            }
        }

        return null;
    }

    public Task WaitAsync(CancellationToken cancellationToken) => _process.WaitForExitAsync(cancellationToken);

    /// <summary>Kills it as the kernel does.</summary>
    public void Kill() => _process.Kill();

    /// <summary>Another one in the same home and temporary folder, to its end.</summary>
    public async Task RunAnotherAsync(string[] arguments, CancellationToken cancellationToken)
    {
        using Process other = Start(arguments);
        await other.StandardOutput.ReadToEndAsync(cancellationToken);
        await other.WaitForExitAsync(cancellationToken);
    }

    public void Dispose()
    {
        if (!_process.HasExited)
        {
            _process.Kill();
            _process.WaitForExit();
        }

        _process.Dispose();
        _folder.Dispose();
    }

    private Process Start(string[] arguments)
    {
        var start = new ProcessStartInfo("dotnet", [typeof(DaemonRun).Assembly.Location, "prove", .. arguments])
        {
            UseShellExecute = false, RedirectStandardInput = true, RedirectStandardOutput = true, RedirectStandardError = true,
        };
        start.Environment["TMPDIR"] = Temporary;
        start.Environment["AZUREVMROLE_HOME"] = Home;
        return Process.Start(start)!;
    }

    private static string? CommandLineOf(int id)
    {
        try
        {
            return File.ReadAllText($"/proc/{id}/cmdline");
        }
        catch (IOException)
        {
            return null;
        }
    }
}
