using System.Management.Automation;

namespace AzureVmRole.Shell.Tests.Commands;

[Cmdlet(VerbsCommon.Show, "Valid")]
public sealed class ShowValidCommand : ShowBindingCommand
{
    [Parameter]
    [ValidateRange(1, 10)]
    public int Range { get; set; }

    [Parameter]
    [ValidateSet("One", "Two")]
    public string Set { get; set; } = "";

    [Parameter]
    [ValidatePattern("^a+$")]
    public string Pattern { get; set; } = "";

    [Parameter]
    [ValidateLength(2, 3)]
    public string Length { get; set; } = "";

    [Parameter]
    [ValidateCount(1, 2)]
    public string[] Count { get; set; } = [];

    [Parameter]
    [ValidateNotNullOrEmpty]
    public string[] Filled { get; set; } = [];

    [Parameter]
    [Doubles]
    public int Doubled { get; set; }
}
