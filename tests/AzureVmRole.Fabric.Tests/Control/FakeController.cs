using System.Threading.Channels;
using AzureVmRole.Fabric.Control;
using AzureVmRole.Fabric.Resources;
using Xunit;

namespace AzureVmRole.Fabric.Tests.Control;

/// <summary>A controller that does what a test says, and tells which resources it was called for.</summary>
internal sealed class FakeController(Func<ResourceId, CancellationToken, Task<TimeSpan?>> reconcile) : IResourceController
{
    private readonly Channel<ResourceId> _calls = Channel.CreateUnbounded<ResourceId>();

    public ResourceType Type { get; init; } = ResourceType.Disks;

    /// <summary>The next call; each is given once.</summary>
    public async Task<ResourceId> NextCallAsync() => await _calls.Reader.ReadAsync(TestContext.Current.CancellationToken);

    /// <summary>Whether there was a call that nobody has taken.</summary>
    public bool HasCall => _calls.Reader.TryPeek(out _);

    public Task<TimeSpan?> ReconcileAsync(ResourceId id, CancellationToken cancellationToken)
    {
        _calls.Writer.TryWrite(id);
        return reconcile(id, cancellationToken);
    }
}
