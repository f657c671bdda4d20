using System.Management.Automation;

namespace AzureVmRole.Shell.Tests.Commands;

[Cmdlet(VerbsCommon.Show, "Path", DefaultParameterSetName = "Path")]
public sealed class ShowPathCommand : ShowBindingCommand
{
    [Parameter(
        ParameterSetName = "Path",
        Mandatory = true,
        Position = 0,
        ValueFromPipeline = true,
        ValueFromPipelineByPropertyName = true)]
    [Alias("Name")]
    public string[] Path { get; set; } = [];

    [Parameter(ParameterSetName = "LiteralPath", Mandatory = true, ValueFromPipelineByPropertyName = true)]
    [Alias("PSPath", "LP")]
    public string[] LiteralPath { get; set; } = [];

    [Parameter(Position = 1, ValueFromPipelineByPropertyName = true)]
    public int Size { get; set; } = -1;

    [Parameter(ValueFromRemainingArguments = true)]
    public string[] Rest { get; set; } = [];
}
