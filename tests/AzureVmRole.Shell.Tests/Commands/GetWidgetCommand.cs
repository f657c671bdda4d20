using System.Management.Automation;

namespace AzureVmRole.Shell.Tests.Commands;

[Cmdlet(VerbsCommon.Get, "Widget")]
[OutputType(typeof(Widget))]
public sealed class GetWidgetCommand : PSCmdlet
{
    [Parameter(Position = 0)]
    [ValidateRange(0, 10)]
    public int Count { get; set; } = 1;

    protected override void ProcessRecord()
    {
        for (int index = 1; index <= Count; index++)
        {
            WriteVerbose($"widget {index}");
            WriteObject(new Widget
            {
                Name = $"w{index}",
                Size = index * 1000,
                Colour = WidgetColour.Green,
                Tags = [.. Enumerable.Range(1, index).Select(number => $"t{number}")],
            });
        }
    }

    protected override void EndProcessing() => WriteWarning("all made");
}
