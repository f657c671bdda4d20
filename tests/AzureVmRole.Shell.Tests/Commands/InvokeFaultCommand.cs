using System.Management.Automation;

namespace AzureVmRole.Shell.Tests.Commands;

/// <summary>Fails in each of the ways a cmdlet can.</summary>
[Cmdlet(VerbsLifecycle.Invoke, "Fault")]
public sealed class InvokeFaultCommand : PSCmdlet
{
    [Parameter(Position = 0)]
    public string Kind { get; set; } = "Write";

    [Parameter(ValueFromPipeline = true)]
    public object? InputObject { get; set; }

    protected override void ProcessRecord()
    {
        ErrorRecord error = new(new InvalidOperationException("the cause"), "WidgetBroken", ErrorCategory.InvalidData, "w1")
        {
            ErrorDetails = new ErrorDetails("The widget is broken.") { RecommendedAction = "Mend it." },
        };
        switch (Kind)
        {
            case "Write":
                WriteError(error);
                break;
            case "Throw":
                ThrowTerminatingError(error);
                break;
            case "Raw":
                throw new InvalidOperationException("not caught");
            case "Warn":
                WriteWarning("careful");
                break;
        }

        WriteObject("went on");
    }

    protected override void EndProcessing() => WriteObject("ended");
}
