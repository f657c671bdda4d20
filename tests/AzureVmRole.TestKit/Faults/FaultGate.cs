namespace AzureVmRole.TestKit.Faults;

/// <summary>Holds a request until the test lets it go; a delay without a clock.</summary>
public sealed class FaultGate
{
    private readonly TaskCompletionSource _reached = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private readonly TaskCompletionSource _opened = new(TaskCreationOptions.RunContinuationsAsynchronously);

    /// <summary>Ends when the first request has come to the gate.</summary>
    public Task Reached => _reached.Task;

    /// <summary>A fault that holds requests here and then lets them go on.</summary>
    public Fault Fault => new() { Before = HoldAsync };

    /// <summary>Lets everything pass from now on.</summary>
    public void Open() => _opened.TrySetResult();

    private Task HoldAsync(ProxiedRequest request, CancellationToken cancellationToken)
    {
        _reached.TrySetResult();
        return _opened.Task.WaitAsync(cancellationToken);
    }
}
