using System.Diagnostics;
using System.Globalization;

namespace AzureVmRole.Benchmarks.Storage;

/// <summary>Runs a program under GNU time, which knows its peak memory and processor time when it has ended.</summary>
internal static class ClientProcess
{
    private const string Clock = "/usr/bin/time";

    /// <summary>Runs a program to its end.</summary>
    /// <exception cref="InvalidOperationException">It failed; the message holds the start of what it printed.</exception>
    public static async Task<ClientRun> RunAsync(
        string folder, (string Name, string Value)[] environment, string program, params string[] arguments)
    {
        string figures = Path.Combine(folder, "client.time");
        var start = new ProcessStartInfo(Clock, ["-q", "-f", "%U %S %M", "-o", figures, program, .. arguments])
        {
            UseShellExecute = false,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
            RedirectStandardInput = true,
        };
        foreach ((string name, string value) in environment)
        {
            start.Environment[name] = value;
        }

        using var process = new Process { StartInfo = start };
        long started = Stopwatch.GetTimestamp();
        process.Start();
        process.StandardInput.Close();
        Task<string> output = process.StandardOutput.ReadToEndAsync();
        Task<string> error = process.StandardError.ReadToEndAsync();
        await process.WaitForExitAsync();
        double seconds = Stopwatch.GetElapsedTime(started).TotalSeconds;
        string printed = await output + await error;
        if (process.ExitCode != 0)
        {
            throw new InvalidOperationException(
                $"{Path.GetFileName(program)} {arguments.FirstOrDefault()} ended with {process.ExitCode}: {printed.ReplaceLineEndings(" ")[..Math.Min(printed.Length, 400)]}");
        }

        double[] used = (await File.ReadAllTextAsync(figures)).Split(' ').Select(text => double.Parse(text, CultureInfo.InvariantCulture)).ToArray();
        return new ClientRun(seconds, used[0] + used[1], used[2] / 1024);
    }
}
