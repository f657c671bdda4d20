using System.ComponentModel;
using System.Diagnostics;
using System.Net;
using System.Text;

namespace AzureVmRole.Fabric.Hosts.Qemu;

/// <summary>A QEMU process that does not outlive this one: a shell beside it waits for a pipe of ours to end, also when we are killed, and ends it then.</summary>
internal sealed class QemuProcess : IAsyncDisposable
{
    private const int LongestError = 4000;

    // The pipe is the shell's input; QEMU gets none. Media with secrets are among the files that must not stay, also when we are killed.
    private const string Watch = "exec 3<&0; files=\"$1\"; shift; \"$@\" </dev/null 3<&- & guest=$!; (read -r _ <&3; kill -9 $guest) 2>/dev/null & watch=$!; wait $guest; code=$?; kill $watch 2>/dev/null; rm -rf -- \"$files\"; exit $code";

    private readonly Process _process;
    private readonly StringBuilder _errors = new();

    private QemuProcess(Process process)
    {
        _process = process;
        process.ErrorDataReceived += (_, line) => Note(line.Data);
        process.BeginErrorReadLine();
        Ended = EndAsync();
    }

    /// <summary>Ends with the process; its result is what QEMU said about it: empty when nothing.</summary>
    public Task<string> Ended { get; }

    /// <summary>Starts QEMU.</summary>
    /// <param name="program">Its absolute path.</param>
    /// <param name="arguments">Its arguments.</param>
    /// <param name="scratchPath">The folder of its files, which goes with the process.</param>
    /// <exception cref="FabricException">It cannot be started.</exception>
    public static QemuProcess Start(string program, IReadOnlyList<string> arguments, string scratchPath)
    {
        ProcessStartInfo start = OperatingSystem.IsWindows()
            ? new ProcessStartInfo(program, arguments)
            : new ProcessStartInfo("/bin/sh", ["-c", Watch, "sh", scratchPath, program, .. arguments]);
        start.UseShellExecute = false;
        start.RedirectStandardInput = true;
        start.RedirectStandardError = true;
        start.WorkingDirectory = Path.GetPathRoot(scratchPath)!;

        // Where QEMU keeps what a guest writes to a disk that is not to be touched.
        start.Environment["TMPDIR"] = scratchPath;
        try
        {
            return new QemuProcess(Process.Start(start)!);
        }
        catch (Win32Exception failure)
        {
            throw new FabricException(
                HttpStatusCode.ServiceUnavailable, "HostNotAvailable", program, $"'{program}' cannot be started: {failure.Message}", "Install QEMU again.");
        }
    }

    /// <summary>Ends it at once, and waits until it is gone.</summary>
    public async ValueTask DisposeAsync()
    {
        if (OperatingSystem.IsWindows())
        {
            _process.Kill(entireProcessTree: true);
        }
        else
        {
            _process.StandardInput.Close();
        }

        await Ended.ConfigureAwait(false);
        _process.Dispose();
    }

    private void Note(string? line)
    {
        lock (_errors)
        {
            if (line is { Length: > 0 } && _errors.Length < LongestError)
            {
                _errors.Append(_errors.Length > 0 ? " " : "").Append(line);
            }
        }
    }

    private async Task<string> EndAsync()
    {
        await _process.WaitForExitAsync().ConfigureAwait(false);
        lock (_errors)
        {
            return _errors.ToString();
        }
    }
}
