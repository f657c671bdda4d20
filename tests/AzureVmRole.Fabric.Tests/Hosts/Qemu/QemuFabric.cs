using System.Text.Json.Nodes;
using AzureVmRole.Engine.Storage;
using AzureVmRole.Fabric.FrontEnd;
using AzureVmRole.Fabric.Resources;
using AzureVmRole.Fabric.Tests.VirtualMachines;
using AzureVmRole.Fabric.VirtualMachines;
using AzureVmRole.TestKit;
using Xunit;

namespace AzureVmRole.Fabric.Tests.Hosts.Qemu;

/// <summary>A fabric whose virtual machines run in QEMU, with the tiny guest as its image <c>tiny</c>.</summary>
internal sealed class QemuFabric : IAsyncDisposable
{
    private static readonly TimeSpan Longest = TimeSpan.FromMinutes(2);

    private readonly TemporaryFolder _folder;

    private QemuFabric(TemporaryFolder folder, VmFabric fabric)
    {
        _folder = folder;
        Inner = fabric;
    }

    public VmFabric Inner { get; private set; }

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    /// <summary>Starts it; skips the test where this machine cannot.</summary>
    public static async Task<QemuFabric> StartAsync(string mode = "good", int generation = 1, Func<FabricOptions, FabricOptions>? change = null)
    {
        Assert.SkipUnless(ExternalProgram.IsInstalled("qemu-system-x86_64"), "Needs qemu-system-x86_64.");
        var folder = new TemporaryFolder();
        string disk = folder.File("tiny.raw");
        string? problem = await TinyGuestDisk.MakeAsync(disk, generation, mode, Token);
        Assert.SkipWhen(problem is not null, problem ?? "");
        VmFabric fabric = await VmFabric.StartAsync(options => (change?.Invoke(options) ?? options) with { HostKind = FabricHostKind.Qemu });
        await UploadAsync(fabric, disk);
        VmFabric.Succeeded(await fabric.PutAsync(
            VmFabric.Id(ResourceType.Images, "tiny"),
            VmFabric.Json($$$"""
                {"location":"local1","properties":{"hyperVGeneration":"V{{{generation}}}","storageProfile":{"osDisk":{"osType":"Linux","osState":"Generalized","blobUri":"vhds/tiny.vhd"} } } }
                """)));
        return new QemuFabric(folder, fabric);
    }

    /// <summary>A body that makes a small virtual machine of the image.</summary>
    public static JsonObject Body(string image = "tiny") => VmFabric.Body(image, "Standard_B1ls");

    /// <summary>The instance's folder.</summary>
    public string FolderOf(ResourceId id) => Path.Combine(Inner.Fabric.Home.InstancesPath, VmIntent.Parse(Inner.Row(id).Desired).VmId);

    /// <summary>What the guest wrote to its console up to now.</summary>
    public async Task<string> ConsoleAsync(ResourceId id)
    {
        Acceptance answer = await Inner.Machines.ActAsync(id, "retrieveBootDiagnosticsData", [], VmFabric.Query(), Token);
        return await File.ReadAllTextAsync(new Uri((string)answer.Body!["serialConsoleLogBlobUri"]!).LocalPath, Token);
    }

    /// <summary>Waits until the console has a text.</summary>
    public Task ForConsoleAsync(ResourceId id, string text) => ForAsync(async () => (await ConsoleAsync(id)).Contains(text, StringComparison.Ordinal), $"The console of {id.Name} has no '{text}'");

    /// <summary>Waits until something is so.</summary>
    public static async Task ForAsync(Func<Task<bool>> isSo, string what)
    {
        using var limit = CancellationTokenSource.CreateLinkedTokenSource(Token);
        limit.CancelAfter(Longest);
        using var timer = new PeriodicTimer(TimeSpan.FromMilliseconds(100));
        while (!await isSo())
        {
            Assert.True(await timer.WaitForNextTickAsync(CancellationToken.None) && !limit.IsCancellationRequested, what + ".");
        }
    }

    /// <summary>Stops the fabric, and opens another one on the same home.</summary>
    public async Task ReopenAsync() => Inner = await Inner.ReopenAsync();

    public async ValueTask DisposeAsync()
    {
        await Inner.DisposeAsync();
        _folder.Dispose();
    }

    private static async Task UploadAsync(VmFabric fabric, string rawPath)
    {
        byte[] raw = await File.ReadAllBytesAsync(rawPath, Token);
        byte[] footer = new VhdImageBuilder(raw.Length, VhdImageBuilder.Fixed) { Identifier = Guid.NewGuid() }.ToArray()[^512..];
        await using IBlobStore store = fabric.OpenStore();
        var name = new BlobName("vhds", "tiny.vhd");
        await store.CreateAsync(name, raw.Length + footer.Length, new Dictionary<string, string>(StringComparer.Ordinal), default, Token);
        const int Step = 4 << 20;
        for (int offset = 0; offset < raw.Length; offset += Step)
        {
            ReadOnlyMemory<byte> part = raw.AsMemory(offset, Math.Min(Step, raw.Length - offset));
            if (part.Span.ContainsAnyExcept((byte)0))
            {
                await store.WritePagesAsync(name, offset, part, default, Token);
            }
        }

        await store.WritePagesAsync(name, raw.Length, footer, default, Token);
    }
}
