using System.Management.Automation;

namespace AzureVmRole.PowerShell.Runtime;

/// <summary>Base of all cmdlets: the stop token and the way from a user's path to a file.</summary>
public abstract partial class AzureVmRoleCommand : PSCmdlet, IDisposable
{
    private readonly CancellationTokenSource _stop = new();
    private volatile bool _isHandedOver;

    /// <summary>Creates the command with a token that nobody has cancelled.</summary>
    protected AzureVmRoleCommand() => StopToken = _stop.Token;

    /// <summary>Cancelled when the pipeline stops.</summary>
    private protected CancellationToken StopToken { get; }

    /// <inheritdoc/>
    public void Dispose()
    {
        Dispose(disposing: true);
        GC.SuppressFinalize(this);
    }

    /// <summary>Frees the stop token.</summary>
    protected virtual void Dispose(bool disposing)
    {
        if (disposing && !_isHandedOver)
        {
            _stop.Dispose();
        }
    }

    /// <summary>Asks the work to stop and returns at once: PowerShell calls this from a thread of its own.</summary>
    protected override void StopProcessing()
    {
        if (!_isHandedOver)
        {
            CancelWork();
        }
    }

    /// <summary>From now on the work goes on when the pipeline is stopped or at its end, until somebody cancels it or takes it back.</summary>
    private protected void HandOver() => _isHandedOver = true;

    /// <summary>Frees what a command has whose work was handed over, and is done.</summary>
    private protected void TakeBack()
    {
        _isHandedOver = false;
        Dispose();
    }

    /// <summary>Cancels the token, also when the pipeline thread is already through with this command.</summary>
    private protected void CancelWork()
    {
        try
        {
            _stop.Cancel();
        }
        catch (ObjectDisposedException)
        {
            // The stop came after the command had ended: nothing is left to cancel.
        }
    }
}
