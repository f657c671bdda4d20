using System.Diagnostics;

namespace AzureVmRole.Fabric.Hosts;

/// <summary>Programs that are installed on this machine.</summary>
internal static class LocalProgram
{
    /// <summary>Where a program is; null where it is not installed.</summary>
    /// <param name="name">Its name, without the ending that Windows wants.</param>
    /// <param name="searchPath">The folders to look in, as PATH has them; null for this process's.</param>
    public static string? Find(string name, string? searchPath = null) => (searchPath ?? Environment.GetEnvironmentVariable("PATH") ?? "").Split(Path.PathSeparator)
        .Where(folder => folder.Length > 0)
        .Select(folder => Path.Combine(folder, OperatingSystem.IsWindows() ? name + ".exe" : name))
        .FirstOrDefault(File.Exists);

    /// <summary>Runs a program to its end, without input.</summary>
    /// <param name="path">Where it is.</param>
    /// <param name="arguments">Its arguments.</param>
    /// <param name="limit">How long it may take; then it is killed.</param>
    /// <param name="cancellationToken">Kills it.</param>
    /// <returns>Its exit code, null when it took too long, and what it wrote.</returns>
    /// <exception cref="System.ComponentModel.Win32Exception">It cannot be started.</exception>
    public static async Task<(int? Exit, string Output, string Errors)> RunAsync(string path, IEnumerable<string> arguments, TimeSpan limit, CancellationToken cancellationToken)
    {
        using var ended = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        ended.CancelAfter(limit);
        using Process process = Process.Start(new ProcessStartInfo(path, arguments)
        {
            UseShellExecute = false, RedirectStandardInput = true, RedirectStandardOutput = true, RedirectStandardError = true,
        }) ?? throw new InvalidOperationException($"'{path}' was not started.");
        process.StandardInput.Close();

        // Whoever has asked a process for a stream owns it: it would stay open until it is collected.
        using StreamReader outputs = process.StandardOutput;
        using StreamReader complaints = process.StandardError;
        try
        {
            Task<string> output = outputs.ReadToEndAsync(ended.Token);
            Task<string> errors = complaints.ReadToEndAsync(ended.Token);
            await process.WaitForExitAsync(ended.Token).ConfigureAwait(false);
            return (process.ExitCode, await output.ConfigureAwait(false), await errors.ConfigureAwait(false));
        }
        catch (OperationCanceledException) when (!cancellationToken.IsCancellationRequested)
        {
            return (null, "", "");
        }
        finally
        {
            if (!process.HasExited)
            {
                process.Kill();
            }
        }
    }
}
