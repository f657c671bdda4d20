using System.Management.Automation;
using AzureVmRole.Engine.Cleanup;
using AzureVmRole.PowerShell.Runtime;

namespace AzureVmRole.PowerShell.Commands;

/// <summary>Deletes orphans, each after all that the report said of it was found true again.</summary>
[Cmdlet(
    VerbsCommon.Remove,
    "OrphanVhd",
    DefaultParameterSetName = InputObjectSet,
    SupportsShouldProcess = true,
    ConfirmImpact = ConfirmImpact.High)]
[OutputType(typeof(RemovedVhd))]
public sealed class RemoveOrphanVhdCommand : StorageCommand
{
    private const string InputObjectSet = "InputObject";
    private const string PlanSet = "Plan";
    private readonly List<OrphanVhd> _reported = [];

    [Parameter(ParameterSetName = InputObjectSet, Mandatory = true, Position = 0, ValueFromPipeline = true)]
    public OrphanVhd[] InputObject { get; set; } = [];

    [Parameter(ParameterSetName = PlanSet, Mandatory = true)]
    [ValidateNotNullOrEmpty]
    public string? PlanPath { get; set; }

    [Parameter]
    [Days]
    public TimeSpan MinimumAge { get; set; } = TimeSpan.FromDays(7);

    [Parameter]
    [ValidateNotNullOrEmpty]
    public string[] ReferencePath { get; set; } = [];

    [Parameter]
    [ValidateRange(0, int.MaxValue)]
    public int MaximumCount { get; set; } = 100;

    [Parameter]
    [ValidateRange(0, 100)]
    public int MaximumPercent { get; set; } = 20;

    [Parameter]
    [Alias("Backup")]
    public SwitchParameter TakeSnapshot { get; set; }

    [Parameter]
    public SwitchParameter BreakLease { get; set; }

    [Parameter]
    [ValidateNotNullOrEmpty]
    public string? LogPath { get; set; }

    private protected override IEnumerable<CommandWork> PrepareRecord()
    {
        _reported.AddRange(InputObject);
        return [];
    }

    /// <summary>The whole report has to be there first: the limits are about all of it.</summary>
    private protected override IEnumerable<CommandWork> PrepareEnd()
    {
        IReadOnlyList<OrphanVhd> reported = PlanPath is null ? _reported : OrphanPlan.Read(FindFile(PlanPath)).Items;
        if (reported.Count == 0)
        {
            yield break;
        }

        OrphanRemovalOptions options = ReadOptions();
        OrphanVhd[] agreed = [.. OrphanRemoval.Select(reported, options).Where(disk => ShouldProcess($"'{disk.Uri}'", Describe(disk)))];
        if (agreed.Length > 0)
        {
            yield return new CommandWork(agreed[0].Listing.Store.ToString(), async token =>
            {
                await foreach (RemovedVhd removed in OrphanRemoval.RemoveAsync(agreed, options, Progress, token).ConfigureAwait(false))
                {
                    PostObject(removed);
                }
            });
        }
    }

    private OrphanRemovalOptions ReadOptions() => new()
    {
        Connection = Connect(),
        Fabrics = FabricSession.Current.Connections,
        MinimumAge = MinimumAge,
        ReferencePaths = [.. ReferencePath.Select(FindFile)],
        MaximumCount = MaximumCount,
        MaximumPercent = MaximumPercent,
        TakeSnapshot = TakeSnapshot,
        BreakLease = BreakLease,
        LogPath = LogPath is null ? null : ResolveLiteral(LogPath),
    };

    private string Describe(OrphanVhd disk)
    {
        string copy = TakeSnapshot ? "Copy, then delete" : "Delete";
        string lease = disk.LeaseState == BlobLeaseState.Leased ? $", breaking the lease of {disk.LeaseHolder ?? "an unknown holder"}" : "";
        return $"{copy} {ByteSize.Format(disk.Length)}{lease} ({disk.Reason})";
    }
}
