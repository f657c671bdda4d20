using System.ComponentModel;
using System.Diagnostics;
using System.Runtime.CompilerServices;
using System.Text;
using System.Text.Json;
using AzureVmRole.Engine.Compute.Local;

namespace AzureVmRole.Engine.Images.Proving;

/// <summary>The program that boots an image. It ends when its input does: with this object, and with this process however that ends; not with a Ctrl-C in the terminal, which may be meant for something else.</summary>
internal sealed class ProofProcess : IAsyncDisposable
{
    private const int LongestError = 4000;

    // What it takes to end a guest and to remove what it wrote.
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(30);

    private readonly Process _process;
    private readonly StringBuilder _errors = new();

    private ProofProcess(Process process)
    {
        _process = process;
        process.ErrorDataReceived += (_, line) => Note(line.Data);
        process.BeginErrorReadLine();
    }

    /// <summary>Starts it.</summary>
    /// <exception cref="FabricException">FabricNotInstalled.</exception>
    public static ProofProcess Start(IReadOnlyList<string> program, IReadOnlyList<string> arguments)
    {
        var start = new ProcessStartInfo(program[0], [.. program.Skip(1), FabricProgram.OwnSession, .. arguments])
        {
            UseShellExecute = false,
            CreateNoWindow = true,
            RedirectStandardInput = true,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
            StandardOutputEncoding = Encoding.UTF8,
        };
        try
        {
            return new ProofProcess(Process.Start(start) ?? throw FabricProgram.NotInstalled(program[^1], "cannot be started", null));
        }
        catch (Win32Exception failure)
        {
            FabricProgram.ThrowIfNotRunnable(File.Exists(program[0]) ? 0 : FabricProgram.CommandMissing, "");
            throw FabricProgram.NotInstalled(program[^1], $"cannot be started: {failure.Message}", failure);
        }
    }

    /// <summary>What it tells, to its end; lines that are no JSON objects are left out.</summary>
    public async IAsyncEnumerable<JsonElement> ReadAsync([EnumeratorCancellation] CancellationToken cancellationToken)
    {
        while (await _process.StandardOutput.ReadLineAsync(cancellationToken).ConfigureAwait(false) is { } line)
        {
            if (TryParse(line) is { } message)
            {
                yield return message;
            }
        }
    }

    /// <summary>Waits for its end.</summary>
    /// <returns>Its exit code, and what it wrote to its terminal.</returns>
    public async Task<(int Exit, string Said)> EndAsync(CancellationToken cancellationToken)
    {
        await _process.WaitForExitAsync(cancellationToken).ConfigureAwait(false);
        lock (_errors)
        {
            return (_process.ExitCode, _errors.ToString());
        }
    }

    /// <summary>Asks it to end, and waits until it has; one that does not end is killed.</summary>
    public async ValueTask DisposeAsync()
    {
        using var patience = new CancellationTokenSource(Patience, TimeProvider.System);
        try
        {
            _process.StandardInput.Close();

            // A full pipe must not hold it.
            _ = await _process.StandardOutput.ReadToEndAsync(patience.Token).ConfigureAwait(false);
            await _process.WaitForExitAsync(patience.Token).ConfigureAwait(false);
        }
        catch (OperationCanceledException)
        {
            _process.Kill(entireProcessTree: true);
        }
        finally
        {
            _process.StandardOutput.Dispose();
            _process.Dispose();
        }
    }

    private static JsonElement? TryParse(string line)
    {
        try
        {
            using var document = JsonDocument.Parse(line);
            return document.RootElement.ValueKind == JsonValueKind.Object ? document.RootElement.Clone() : null;
        }
        catch (JsonException)
        {
            return null;
        }
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
}
