using System.Management.Automation;
using AzureVmRole.Engine.Cleanup;
using AzureVmRole.PowerShell.Completion;
using AzureVmRole.PowerShell.Runtime;

namespace AzureVmRole.PowerShell.Commands;

/// <summary>Tells of every disk in a store why it is kept or why it is an orphan.</summary>
[Cmdlet(VerbsCommon.Get, "OrphanVhd")]
[OutputType(typeof(OrphanVhd))]
public sealed class GetOrphanVhdCommand : StorageCommand
{
    [Parameter(Position = 0)]
    [ValidateNotNullOrEmpty]
    [BlobAddress]
    [ArgumentCompleter(typeof(BlobCompleter))]
    public string? Container { get; set; }

    [Parameter]
    [Days]
    public TimeSpan MinimumAge { get; set; } = TimeSpan.FromDays(7);

    [Parameter]
    [ValidateRange(0, int.MaxValue)]
    public decimal? PricePerGiB { get; set; }

    [Parameter]
    [ValidateNotNullOrEmpty]
    public string[] ReferencePath { get; set; } = [];

    [Parameter]
    public SwitchParameter OrphanOnly { get; set; }

    [Parameter]
    [ValidateNotNullOrEmpty]
    public string? PlanPath { get; set; }

    [Parameter]
    [Alias("o", "Force")]
    public SwitchParameter Overwrite { get; set; }

    private protected override IEnumerable<CommandWork> PrepareRecord()
    {
        var options = new OrphanSearchOptions
        {
            Connection = Connect(),
            Fabrics = FabricSession.Current.Connections,
            Address = Container,
            MinimumAge = MinimumAge,
            PricePerGiB = PricePerGiB,
            ReferencePaths = [.. ReferencePath.Select(FindFile)],
            PlanPath = PlanPath is null ? null : ResolveTarget(PlanPath),
            OverwritePlan = Overwrite,
        };
        yield return new CommandWork(AddressText.Show(Container ?? "*"), async token =>
        {
            await foreach (OrphanVhd disk in OrphanSearch.FindAsync(options, Progress, token).ConfigureAwait(false))
            {
                if (disk.IsOrphan || !OrphanOnly)
                {
                    PostObject(disk);
                }
            }
        });
    }
}
