using System.Diagnostics;
using System.Security.Cryptography;
using AzureVmRole.Engine.Compute;
using AzureVmRole.Engine.Compute.Connecting;
using AzureVmRole.Engine.Compute.Disks;
using AzureVmRole.Engine.Compute.Http;
using AzureVmRole.Engine.Compute.Images;
using AzureVmRole.Engine.Compute.Instances;
using AzureVmRole.Engine.Storage;
using AzureVmRole.Engine.Storage.Publishing;
using AzureVmRole.TestKit;

namespace AzureVmRole.Engine.Tests.Compute;

/// <summary>The fabric's program as a process of its own, in a temporary home.</summary>
internal sealed class FabricServer : IAsyncDisposable
{
    private readonly TemporaryFolder _home;
    private Process _process;

    private FabricServer(Process process, TemporaryFolder home)
    {
        _process = process;
        _home = home;
    }

    public string HomePath => _home.Path;

    private static string ProgramPath => Path.Combine(
        Path.GetDirectoryName(typeof(FabricServer).Assembly.Location)!, "../../../../../src/AzureVmRole.Daemon/bin/Debug/net10.0/azvmrole-fabric.dll");

    public static async Task<FabricServer> StartAsync(CancellationToken cancellationToken, TimeSpan? latency = null)
    {
        var home = new TemporaryFolder();
        List<string> arguments = [ProgramPath, "--home", home.Path, "--host-kind", "simulated"];
        if (latency is { } time)
        {
            arguments.AddRange(["--simulated-latency", time.ToString("c")]);
        }

        return new FabricServer(await LaunchAsync(arguments, cancellationToken), home);
    }

    /// <summary>Kills the process, and starts another one on the same home.</summary>
    public async Task RestartAsync(CancellationToken cancellationToken, params string[] arguments)
    {
        await KillAsync(cancellationToken);
        _process.Dispose();
        _process = await LaunchAsync([ProgramPath, "--home", HomePath, "--host-kind", "simulated", .. arguments], cancellationToken);
    }

    public Task<FabricConnection> ConnectAsync(CancellationToken cancellationToken) => FabricConnection.ConnectLocalAsync(HomePath, null, null, cancellationToken);

    /// <summary>A connection whose requests go through a handler: the edge of the process.</summary>
    /// <param name="handler">Made on top of the real way to the fabric.</param>
    /// <param name="asAzure">Whether it is one of the kind Azure: it then knows nothing of the home folder.</param>
    public FabricConnection Connect(Func<HttpMessageHandler, HttpMessageHandler> handler, bool asAzure = false)
    {
        FabricNote note = FabricNote.Find(HomePath)!;
        var state = new FabricConnectionState
        {
            Kind = asAzure ? "Azure" : "Local",
            Endpoint = note.Endpoint,
            SubscriptionId = note.SubscriptionId,
            ResourceGroupName = "azvmrole",
            Location = "local1",
            HomePath = asAzure ? null : HomePath,
            Store = asAzure ? null : Path.Combine(HomePath, "store", "local1"),
            Thumbprint = note.Thumbprint,
        };
        string token = File.ReadAllText(FabricNote.TokenPathIn(HomePath)).Trim();
        var inner = new SocketsHttpHandler();
        inner.SslOptions.RemoteCertificateValidationCallback =
            (_, certificate, _, _) => certificate?.GetCertHashString(HashAlgorithmName.SHA256) == note.Thumbprint;
        return new FabricConnection(
            state, new FabricTokenCredential(() => token, TimeSpan.FromHours(1), TimeProvider.System), new HttpClient(handler(inner)), TimeProvider.System);
    }

    /// <summary>The store of a location.</summary>
    public StoreConnection Store(string location) => new() { FolderPath = Path.Combine(HomePath, "store", location) };

    /// <summary>A small VHD in the store of a location.</summary>
    public async Task AddVhdAsync(string name, string location, CancellationToken cancellationToken)
    {
        string path = Path.Combine(HomePath, $"{Guid.NewGuid():N}.raw");
        await using (FileStream file = File.Create(path))
        {
            file.SetLength(24 << 20);
            file.WriteByte(1);
        }

        var options = new PublishOptions { SourcePath = path, Destination = name, Connection = Store(location), IsDataDisk = true };
        await DiskPublication.PublishAsync(options, null, cancellationToken);
        File.Delete(path);
    }

    /// <summary>A specialised image, and running instances of it.</summary>
    public async Task AddInstancesAsync(FabricConnection connection, CancellationToken cancellationToken, params string[] names)
    {
        await AddVhdAsync("vhds/server.vhd", "local1", cancellationToken);
        var image = new VMImageOptions { ImageName = "server", MediaLocation = "vhds/server.vhd", OS = OSKind.Linux, OSState = OSState.Specialized };
        await VMImages.AddAsync(connection, image, new OperationOptions(), cancellationToken);
        foreach (string name in names)
        {
            await VMInstances.CreateAsync(
                connection, new VMInstanceOptions { Name = name, ImageName = "server", Size = "Standard_D8s_v5" }, new OperationOptions(), cancellationToken);
        }
    }

    public async Task<VMDisk> AddDiskAsync(FabricConnection connection, string name, string location, CancellationToken cancellationToken)
    {
        await AddVhdAsync($"vhds/{name}.vhd", location, cancellationToken);
        string address = new Uri(Path.Combine(HomePath, "store", location, "vhds", name + ".vhd")).AbsoluteUri;
        return await VMDisks.AddAsync(
            connection, new VMDiskOptions { DiskName = name, MediaLocation = address, Location = location }, new OperationOptions(), cancellationToken);
    }

    /// <summary>Ends the process at once, as a power failure would.</summary>
    public async Task KillAsync(CancellationToken cancellationToken)
    {
        _process.Kill();
        await _process.WaitForExitAsync(cancellationToken);
    }

    private static async Task<Process> LaunchAsync(IEnumerable<string> arguments, CancellationToken cancellationToken)
    {
        Process process = Process.Start(new ProcessStartInfo("dotnet", arguments) { UseShellExecute = false, RedirectStandardOutput = true })!;
        string? endpoint = await process.StandardOutput.ReadLineAsync(cancellationToken);
        return endpoint is null ? throw new InvalidOperationException("The fabric ended before it answered.") : process;
    }

    public async ValueTask DisposeAsync()
    {
        if (!_process.HasExited)
        {
            await KillAsync(CancellationToken.None);
        }

        _process.Dispose();
        _home.Dispose();
    }
}
