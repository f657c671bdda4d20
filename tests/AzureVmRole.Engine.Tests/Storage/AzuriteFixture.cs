using AzureVmRole.Engine.Storage;
using AzureVmRole.TestKit;
using Xunit;

[assembly: AssemblyFixture(typeof(AzureVmRole.Engine.Tests.Storage.AzuriteFixture))]

namespace AzureVmRole.Engine.Tests.Storage;

/// <summary>
/// One real Azurite for all tests of this assembly, started by the first that asks. A test class takes the fixture in its
/// constructor; each test makes a container of its own.
/// </summary>
public sealed class AzuriteFixture : IAsyncLifetime
{
    private readonly SemaphoreSlim _starting = new(1);
    private AzuriteServer? _server;

    /// <summary>The running server; skips the test where Azurite could not be installed.</summary>
    public async Task<AzuriteServer> StartAsync()
    {
        Assert.SkipWhen(AzuriteServer.FindProgram() is null, "Not installed: azurite-blob.");
        CancellationToken cancellationToken = TestContext.Current.CancellationToken;
        await _starting.WaitAsync(cancellationToken);
        try
        {
            return _server ??= await AzuriteServer.StartAsync(cancellationToken);
        }
        finally
        {
            _starting.Release();
        }
    }

    /// <summary>A connection that means this server's account.</summary>
    public async Task<StoreConnection> ConnectAsync() => new() { ConnectionString = (await StartAsync()).ConnectionString };

    public ValueTask InitializeAsync() => ValueTask.CompletedTask;

    public async ValueTask DisposeAsync()
    {
        if (_server is not null)
        {
            await _server.DisposeAsync();
        }

        _starting.Dispose();
    }
}
