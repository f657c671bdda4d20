using System.Management.Automation;
using AzureVmRole.Engine.Storage.Saving;
using AzureVmRole.PowerShell.Completion;
using AzureVmRole.PowerShell.Runtime;

namespace AzureVmRole.PowerShell.Commands;

/// <summary>Downloads a disk from storage to a file.</summary>
[Cmdlet(VerbsData.Save, "BaseVhd", SupportsShouldProcess = true)]
[OutputType(typeof(BaseVhd))]
public sealed class SaveBaseVhdCommand : StorageCommand
{
    [Parameter(Mandatory = true, Position = 0, ValueFromPipeline = true, ValueFromPipelineByPropertyName = true)]
    [Alias("SourceUri", "src", "Uri", "Name")]
    [ValidateNotNullOrEmpty]
    [BlobAddress]
    [ArgumentCompleter(typeof(BlobCompleter))]
    public string Source { get; set; } = "";

    [Parameter(Mandatory = true, Position = 1)]
    [Alias("LocalFilePath", "lf")]
    [ValidateNotNullOrEmpty]
    [ArgumentCompleter(typeof(DiskFileCompleter))]
    public string DestinationPath { get; set; } = "";

    [Parameter]
    [ValidateSet(nameof(AzureVmRole.VhdType.Fixed), nameof(AzureVmRole.VhdType.Dynamic))]
    public VhdType VHDType { get; set; } = AzureVmRole.VhdType.Fixed;

    [Parameter]
    [ValidateSet(nameof(AzureVmRole.VhdFormat.Vhd), nameof(AzureVmRole.VhdFormat.Vhdx), nameof(AzureVmRole.VhdFormat.Raw))]
    public VhdFormat? VhdFormat { get; set; }

    [Parameter]
    [Alias("NumberOfDownloaderThreads", "th")]
    [ValidateRange(1, 64)]
    public int? NumberOfThreads { get; set; }

    [Parameter]
    [Alias("o", "Force")]
    public SwitchParameter Overwrite { get; set; }

    private protected override IEnumerable<CommandWork> PrepareRecord()
    {
        string destination = ResolveTarget(FileInFolder());
        var options = new SaveOptions
        {
            Source = Source,
            DestinationPath = destination,
            Type = VHDType,
            Format = VhdFormat,
            Overwrite = Overwrite,
            Connection = Connect() with { NumberOfThreads = NumberOfThreads },
        };
        string shown = AddressText.Show(Source);
        string action = $"Download to a {DiskSize.Describe(VHDType)} disk{Replacing(destination, Overwrite)}";
        if (ShouldProcess($"'{shown}' -> '{destination}'", action))
        {
            yield return new CommandWork(shown, async token =>
            {
                BaseVhd disk = await DiskSave.SaveAsync(options, Progress, token).ConfigureAwait(false);
                RememberWritten(destination);
                PostObject(disk);
            });
        }
    }

    private string FileInFolder() => Path.EndsInDirectorySeparator(DestinationPath) || Directory.Exists(ResolveLiteral(DestinationPath))
        ? Path.Combine(DestinationPath, Path.GetFileName(AddressText.FileNameOf(Source)))
        : DestinationPath;
}
