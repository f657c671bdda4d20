using System.Diagnostics;
using System.Security.Cryptography;
using System.Text.Json.Nodes;
using AzureVmRole.TestKit;
using Xunit;

namespace AzureVmRole.Daemon.Tests.Clients;

/// <summary>Azure's own clients for JavaScript, unmodified, in Node: the flows of images, disks and capture.</summary>
public sealed class JavaScriptTests
{
    private static CancellationToken Stop => TestContext.Current.CancellationToken;

    [Fact(Timeout = 180_000)]
    public async Task Flows_OfImagesDisksAndCapture_LoseNothing()
    {
        string? folder = FindClients();
        Assert.SkipWhen(folder is null, "The clients for JavaScript are not in tests/.tools/javascript: tests/run could not install them.");
        Assert.SkipWhen(!ExternalProgram.IsInstalled("node"), "Node is not installed: tests/run could not install it.");
        await using RunningDaemon daemon = await RunningDaemon.StartAsync(Stop);
        string master = daemon.FileOfBlob(await daemon.MakeVhdAsync("vhds/base.vhd"));
        string before = await HashAsync(master);
        (int exitCode, string output, string error) = await RunAsync(daemon, folder!, new Uri(master).AbsoluteUri);
        Assert.True(exitCode == 0, $"node ended with {exitCode}: {output}\n{error}");

        JsonNode left = JsonNode.Parse(output.Trim())!;
        string[] disks = [.. left["disks"]!.AsArray().Select(disk => disk!.ToString())];
        Assert.Equal("existing fresh", string.Join(' ', disks.Where(disk => !disk.Contains("OsDisk", StringComparison.Ordinal))));
        Assert.Equal(2, disks.Count(disk => disk.Contains("OsDisk", StringComparison.Ordinal)));
        Assert.Equal(("""["captured"]""", "[]"), (left["images"]!.ToJsonString(), left["snapshots"]!.ToJsonString()));

        Assert.Equal(before, await HashAsync(master));
        string[] files = [.. Directory.EnumerateFiles(Path.Combine(daemon.HomePath, "store", "local1"), "*.vhd", SearchOption.AllDirectories).Select(file => Path.GetFileName(file)!)];
        foreach (string start in (string[])["base", "captured-", "existing-", "fresh-", "restored-", "snap-", "vm1_OsDisk", "vm2_OsDisk", "pre-osDisk."])
        {
            Assert.Single(files, file => file.StartsWith(start, StringComparison.Ordinal));
        }
    }

    private static async Task<(int ExitCode, string Output, string Error)> RunAsync(RunningDaemon daemon, string folder, string vhd)
    {
        string script = Path.Combine(AppContext.BaseDirectory, "Clients", "JavaScript", "flows.mjs");
        var start = new ProcessStartInfo("node", [script, folder, daemon.Daemon.Endpoint.AbsoluteUri.TrimEnd('/'), daemon.Note["subscriptionId"]!.ToString(), vhd])
        {
            UseShellExecute = false,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
        };
        start.Environment["AZVMROLE_TOKEN"] = daemon.Token;
        start.Environment["NODE_EXTRA_CA_CERTS"] = daemon.FileOf("certificate.pem");
        using var process = new Process { StartInfo = start };
        process.Start();
        Task<string> output = process.StandardOutput.ReadToEndAsync(Stop);
        Task<string> error = process.StandardError.ReadToEndAsync(Stop);
        try
        {
            await process.WaitForExitAsync(Stop);
            return (process.ExitCode, await output, await error);
        }
        finally
        {
            if (!process.HasExited)
            {
                process.Kill(entireProcessTree: true);
            }
        }
    }

    private static async Task<string> HashAsync(string file)
    {
        await using FileStream content = File.Open(file, FileMode.Open, FileAccess.Read, FileShare.ReadWrite | FileShare.Delete);
        return Convert.ToHexString(await SHA256.HashDataAsync(content, Stop));
    }

    /// <summary>The folder whose <c>node_modules</c> has the clients; null where they are not installed.</summary>
    private static string? FindClients()
    {
        for (DirectoryInfo? folder = new(AppContext.BaseDirectory); folder is not null; folder = folder.Parent)
        {
            string found = Path.Combine(folder.FullName, "tests", ".tools", "javascript");
            if (File.Exists(Path.Combine(found, "node_modules", "@azure", "arm-compute", "package.json")) && File.Exists(Path.Combine(found, "node_modules", "@azure", "arm-resources", "package.json")))
            {
                return found;
            }
        }

        return null;
    }
}
