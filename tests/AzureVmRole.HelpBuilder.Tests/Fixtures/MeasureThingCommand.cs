using System.Management.Automation;

namespace AzureVmRole.HelpBuilder.Tests.Fixtures;

/// <summary>A cmdlet with one of everything that the builder reads.</summary>
[Cmdlet(VerbsDiagnostic.Measure, "Thing", DefaultParameterSetName = "Path", SupportsShouldProcess = true)]
[OutputType(typeof(FileInfo), typeof(bool))]
public sealed class MeasureThingCommand : ThingCommand
{
    [Parameter(Mandatory = true, Position = 0, ParameterSetName = "Path", ValueFromPipeline = true,
        ValueFromPipelineByPropertyName = true)]
    [SupportsWildcards]
    public string[] Path { get; set; } = [];

    [Parameter(Mandatory = true, ParameterSetName = "LiteralPath", ValueFromPipelineByPropertyName = true)]
    [Alias("PSPath", "LP")]
    public string[] LiteralPath { get; set; } = [];

    [Parameter(Position = 1)]
    public long? SizeInBytes { get; set; }

    [Parameter(Mandatory = true)]
    public ThingColour Colour { get; set; }

    [Parameter]
    [ValidateSet("Fine", "Coarse")]
    public string Grain { get; set; } = "Fine";

    /// <summary>No parameter: it has no attribute.</summary>
    public string Ignored { get; set; } = "";
}
