using System.Management.Automation;
using AzureVmRole.Engine.Images.Readiness;
using AzureVmRole.PowerShell.Runtime;

namespace AzureVmRole.PowerShell.Commands;

/// <summary>Tells whether a disk is fit for Azure, and everything that speaks against it.</summary>
[Cmdlet(VerbsDiagnostic.Test, "BaseVhd", DefaultParameterSetName = PathSet)]
[OutputType(typeof(ReadinessReport), typeof(bool))]
public sealed class TestBaseVhdCommand : ManyDisksCommand
{
    [Parameter]
    [ValidateSet(nameof(DiskGeneration.Gen1), nameof(DiskGeneration.Gen2))]
    public DiskGeneration? Generation { get; set; }

    [Parameter]
    public SwitchParameter DataDisk { get; set; }

    [Parameter]
    public SwitchParameter Quiet { get; set; }

    private protected override IEnumerable<CommandWork> PrepareDisk(string file)
    {
        var options = new ReadinessTestOptions { Path = file, Generation = Generation, IsDataDisk = DataDisk };
        yield return new CommandWork(file, async token =>
        {
            ReadinessReport report = await ReadinessTest.TestAsync(options, token).ConfigureAwait(false);
            PostObject(Quiet ? report.IsReady : report);
        });
    }
}
