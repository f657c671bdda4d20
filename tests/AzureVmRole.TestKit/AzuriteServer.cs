using System.Diagnostics;
using System.Text;

namespace AzureVmRole.TestKit;

/// <summary>
/// A real Azurite of its own: a free loopback port, a temporary folder, ended with its process id. Found in
/// <c>AZVMROLE_AZURITE</c> (the path of azurite-blob), in tests/.tools where tests/run puts it, or on the PATH.
/// </summary>
public sealed class AzuriteServer : IAsyncDisposable
{
    /// <summary>The account that every Azurite has, and its key, as Azurite's documentation prints it.</summary>
    public const string Account = "devstoreaccount1";

    public const string AccountKey = "Eby8vdM02xNOcqFlqUwJPLlmEtlCDXJ1OUzFT50uSRZ6IFsuFq2UVErCz4I6tq/K1SZFPTOtr/KBHBeksoGMGw==";

    private const string Listening = "successfully listens on ";

    private readonly Process _process;
    private readonly TemporaryFolder _folder;

    private AzuriteServer(Process process, TemporaryFolder folder)
    {
        _process = process;
        _folder = folder;
    }

    /// <summary>Where it listens: <c>http://127.0.0.1:PORT/</c>.</summary>
    public Uri Host { get; private set; } = new("http://127.0.0.1/");

    /// <summary>The account's address: <c>http://127.0.0.1:PORT/devstoreaccount1</c>.</summary>
    public Uri Endpoint => new(Host, Account);

    public string ConnectionString =>
        $"DefaultEndpointsProtocol=http;AccountName={Account};AccountKey={AccountKey};BlobEndpoint={Endpoint};";

    /// <summary>The process, for measurements.</summary>
    public int ProcessId => _process.Id;

    /// <summary>The program, or null where there is none.</summary>
    public static string? FindProgram()
    {
        if (Environment.GetEnvironmentVariable("AZVMROLE_AZURITE") is { Length: > 0 } named)
        {
            return named;
        }

        string name = OperatingSystem.IsWindows() ? "azurite-blob.cmd" : "azurite-blob";
        return Candidates(name).FirstOrDefault(File.Exists);
    }

    /// <summary>Starts it and waits until it listens.</summary>
    public static async Task<AzuriteServer> StartAsync(CancellationToken cancellationToken)
    {
        string program = FindProgram() ?? throw new InvalidOperationException("Azurite is not installed; tests/run installs it.");
        var folder = new TemporaryFolder();
        var start = new ProcessStartInfo(
            program,
            ["--blobHost", "127.0.0.1", "--blobPort", "0", "--silent", "--disableTelemetry", "--skipApiVersionCheck", "--location", folder.Path])
        {
            UseShellExecute = false,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
            WorkingDirectory = folder.Path,
        };
        var server = new AzuriteServer(new Process { StartInfo = start }, folder);
        try
        {
            server._process.Start();
            await server.WaitUntilListeningAsync(cancellationToken);
            return server;
        }
        catch
        {
            await server.DisposeAsync();
            throw;
        }
    }

    public async ValueTask DisposeAsync()
    {
        if (!_process.HasExited)
        {
            _process.Kill(entireProcessTree: true);
            await _process.WaitForExitAsync();
        }

        _process.Dispose();
        _folder.Dispose();
    }

    private static IEnumerable<string> Candidates(string name)
    {
        for (DirectoryInfo? folder = new(AppContext.BaseDirectory); folder is not null; folder = folder.Parent)
        {
            yield return Path.Combine(folder.FullName, "tests", ".tools", "node_modules", ".bin", name);
        }

        foreach (string folder in (Environment.GetEnvironmentVariable("PATH") ?? "").Split(Path.PathSeparator))
        {
            yield return Path.Combine(folder, name);
        }
    }

    /// <summary>It chooses the port itself and prints it once the socket listens; nothing polls, nothing races for the port.</summary>
    private async Task WaitUntilListeningAsync(CancellationToken cancellationToken)
    {
        var printed = new StringBuilder();
        while (await _process.StandardOutput.ReadLineAsync(cancellationToken) is { } line)
        {
            printed.AppendLine(line);
            int at = line.IndexOf(Listening, StringComparison.Ordinal);
            if (at >= 0)
            {
                Host = new Uri(line[(at + Listening.Length)..].Trim() + "/");
                // What it prints later must not fill the pipes, or it would stop.
                _ = _process.StandardOutput.BaseStream.CopyToAsync(Stream.Null, CancellationToken.None);
                _ = _process.StandardError.BaseStream.CopyToAsync(Stream.Null, CancellationToken.None);
                return;
            }
        }

        string error = await _process.StandardError.ReadToEndAsync(cancellationToken);
        throw new InvalidOperationException($"Azurite ended before it listened.\n{printed}\n{error}");
    }
}
