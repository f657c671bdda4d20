using System.Management.Automation;
using AzureVmRole.Engine.Images.Conversion;
using AzureVmRole.PowerShell.Completion;
using AzureVmRole.PowerShell.Runtime;

namespace AzureVmRole.PowerShell.Commands;

/// <summary>Writes a disk of any readable format, or the top of a chain, to a new file.</summary>
[Cmdlet(VerbsData.Convert, "BaseVhd", DefaultParameterSetName = PathSet, SupportsShouldProcess = true)]
[OutputType(typeof(BaseVhd))]
public sealed class ConvertBaseVhdCommand : OneDiskCommand
{
    [Parameter(Mandatory = true, Position = 1, ValueFromPipelineByPropertyName = true)]
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
    public uint? BlockSizeBytes { get; set; }

    [Parameter]
    [Alias("Size", "SizeInBytes")]
    public ulong? SizeBytes { get; set; }

    [Parameter]
    public SwitchParameter DeleteSource { get; set; }

    [Parameter]
    public SwitchParameter Force { get; set; }

    [Parameter]
    public SwitchParameter PassThru { get; set; }

    private protected override IEnumerable<CommandWork> PrepareDisk(string file)
    {
        string destination = ResolveTarget(DestinationPath);
        var options = new DiskConversionOptions
        {
            SourcePath = file,
            DestinationPath = destination,
            Format = VhdFormat,
            Type = VHDType,
            BlockSizeInBytes = BlockSizeBytes,
            SizeInBytes = DiskSize.ToLength(SizeBytes, destination),
            Overwrite = Force,
        };
        string action = $"Convert to a {DiskSize.Describe(VHDType)} disk{Replacing(destination, Force)}"
            + (DeleteSource ? " and delete the source" : "");
        if (ShouldProcess($"'{file}' -> '{destination}'", action))
        {
            yield return new CommandWork(file, token => ConvertAsync(options, token));
        }
    }

    private async Task ConvertAsync(DiskConversionOptions options, CancellationToken token)
    {
        BaseVhd disk = await DiskConversion.ConvertAsync(options, Progress, token).ConfigureAwait(false);
        RememberWritten(options.DestinationPath);
        if (PassThru)
        {
            PostObject(disk);
        }

        if (DeleteSource)
        {
            Delete(options.SourcePath);
        }
    }

    private static void Delete(string path)
    {
        try
        {
            File.Delete(path);
        }
        catch (Exception error) when (error is IOException or UnauthorizedAccessException)
        {
            throw new DiskOperationException(
                error is IOException ? ErrorCode.WriteFailed : ErrorCode.AccessDenied,
                path,
                $"The disk was converted, but its source '{path}' cannot be deleted: {error.Message}",
                "Delete the source yourself.",
                error);
        }
    }
}
