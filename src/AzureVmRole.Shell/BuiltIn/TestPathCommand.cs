using System.Management.Automation;

namespace AzureVmRole.Shell.BuiltIn;

/// <summary>Test-Path: whether a path names something.</summary>
[Cmdlet(VerbsDiagnostic.Test, "Path")]
[OutputType(typeof(bool))]
public sealed class TestPathCommand : PSCmdlet
{
    [Parameter(Mandatory = true, Position = 0, ValueFromPipeline = true, ValueFromPipelineByPropertyName = true)]
    public string[] Path { get; set; } = [];

    [Parameter]
    [ValidateSet("Any", "Container", "Leaf")]
    public string PathType { get; set; } = "Any";

    protected override void ProcessRecord()
    {
        foreach (string path in Path)
        {
            WriteObject(Exists(path));
        }
    }

    private bool Exists(string path)
    {
        try
        {
            return GetResolvedProviderPathFromPSPath(path, out _).Any(found => PathType.ToUpperInvariant() switch
            {
                "CONTAINER" => Directory.Exists(found),
                "LEAF" => File.Exists(found),
                _ => true,
            });
        }
        catch (SessionStateException)
        {
            return false;
        }
    }
}
