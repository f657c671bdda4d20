using System.Management.Automation;
using AzureVmRole.Engine.Images.Inspection;
using AzureVmRole.Engine.Images.Merging;
using AzureVmRole.PowerShell.Completion;
using AzureVmRole.PowerShell.Runtime;

namespace AzureVmRole.PowerShell.Commands;

/// <summary>Merges a differencing disk into its parent or a farther ancestor, or the whole chain into a new disk.</summary>
[Cmdlet(
    VerbsData.Merge,
    "DifferencingVhd",
    DefaultParameterSetName = PathSet,
    SupportsShouldProcess = true,
    ConfirmImpact = ConfirmImpact.High)]
[OutputType(typeof(BaseVhd))]
public sealed class MergeDifferencingVhdCommand : OneDiskCommand
{
    private static StringComparer FileNames =>
        OperatingSystem.IsWindows() ? StringComparer.OrdinalIgnoreCase : StringComparer.Ordinal;

    [Parameter(Position = 1, ValueFromPipelineByPropertyName = true)]
    [ValidateNotNullOrEmpty]
    [ArgumentCompleter(typeof(DiskFileCompleter))]
    public string? DestinationPath { get; set; }

    [Parameter]
    [ValidateSet(nameof(AzureVmRole.VhdType.Fixed), nameof(AzureVmRole.VhdType.Dynamic))]
    public VhdType VHDType { get; set; } = AzureVmRole.VhdType.Fixed;

    [Parameter]
    public SwitchParameter Force { get; set; }

    [Parameter]
    public SwitchParameter PassThru { get; set; }

    private protected override IEnumerable<CommandWork> PrepareDisk(string file)
    {
        string? destination = DestinationPath is null ? null : ResolveTarget(DestinationPath);
        string[]? ancestors = null;
        yield return new CommandWork(file, async token =>
            ancestors = await FindAncestorsAsync(file, token).ConfigureAwait(false));
        if (ancestors is null)
        {
            yield break;
        }

        // Without a destination the engine takes the parent, and says so when there is none.
        string target = destination ?? ancestors.FirstOrDefault() ?? file;
        if (!ShouldProcess($"'{file}' -> '{target}'", Describe(file, target, ancestors)))
        {
            yield break;
        }

        var options = new DiskMergeOptions { Path = file, DestinationPath = destination, Type = VHDType, Overwrite = Force };
        yield return new CommandWork(file, async token =>
        {
            BaseVhd merged = await DiskMerge.MergeAsync(options, Progress, token).ConfigureAwait(false);
            if (PassThru)
            {
                PostObject(merged);
            }
        });
    }

    /// <summary>
    /// The parents as far as they can be read: they are for the question only. A chain that a killed merge left behind is
    /// the engine's to judge.
    /// </summary>
    private static async Task<string[]> FindAncestorsAsync(string file, CancellationToken token)
    {
        List<string> ancestors = [];
        try
        {
            BaseVhd disk = await DiskInspection.InspectAsync(file, token).ConfigureAwait(false);
            while (disk.ParentPath is { } parent && !ancestors.Contains(parent, FileNames))
            {
                ancestors.Add(parent);
                disk = await DiskInspection.InspectAsync(parent, token).ConfigureAwait(false);
            }
        }
        catch (AzureVmRoleException)
        {
            return [.. ancestors];
        }

        return [.. ancestors];
    }

    private string Describe(string file, string target, string[] ancestors)
    {
        int index = Array.FindIndex(ancestors, path => FileNames.Equals(path, target));
        if (index < 0)
        {
            return $"Merge the whole chain of {ancestors.Length + 1} disks into a new {DiskSize.Describe(VHDType)} disk, "
                + $"leaving the chain as it is{Replacing(target, Force)}";
        }

        IEnumerable<string> removed = ancestors.Take(index).Prepend(file).Select(path => $"'{System.IO.Path.GetFileName(path)}'");
        return $"Change the ancestor by merging into it, and remove {string.Join(", ", removed)}";
    }
}
