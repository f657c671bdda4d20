using System.Management.Automation;

namespace AzureVmRole.Shell.Tests.Commands;

/// <summary>Waits until it is stopped, as a cmdlet does whose work runs on the pool.</summary>
[Cmdlet(VerbsLifecycle.Wait, "Widget")]
public sealed class WaitWidgetCommand : PSCmdlet, IDisposable
{
    private readonly CancellationTokenSource _stop = new();

    /// <summary>Set when a cmdlet of this class waits; one test uses it.</summary>
    public static ManualResetEventSlim IsWaiting { get; } = new();

    public static bool WasDisposed { get; private set; }

    public void Dispose()
    {
        WasDisposed = true;
        _stop.Dispose();
    }

    protected override void ProcessRecord()
    {
        WriteProgress(new ProgressRecord(1, "Waiting", "for ever") { PercentComplete = 50, SecondsRemaining = 75 });
        IsWaiting.Set();
        _stop.Token.WaitHandle.WaitOne();
        WriteObject("never seen");
    }

    protected override void StopProcessing() => _stop.Cancel();
}
