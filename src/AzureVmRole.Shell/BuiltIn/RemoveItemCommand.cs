using System.Management.Automation;

namespace AzureVmRole.Shell.BuiltIn;

/// <summary>Remove-Item: deletes files and folders.</summary>
[Cmdlet(VerbsCommon.Remove, "Item", SupportsShouldProcess = true, DefaultParameterSetName = "Path")]
public sealed class RemoveItemCommand : PSCmdlet
{
    [Parameter(
        Mandatory = true,
        Position = 0,
        ParameterSetName = "Path",
        ValueFromPipeline = true,
        ValueFromPipelineByPropertyName = true)]
    public string[] Path { get; set; } = [];

    [Parameter(Mandatory = true, ParameterSetName = "LiteralPath", ValueFromPipelineByPropertyName = true)]
    [Alias("PSPath", "LP")]
    public string[] LiteralPath { get; set; } = [];

    [Parameter]
    public SwitchParameter Recurse { get; set; }

    [Parameter]
    public SwitchParameter Force { get; set; }

    protected override void ProcessRecord()
    {
        bool isLiteral = ParameterSetName is "LiteralPath";
        foreach (string path in isLiteral ? LiteralPath : Path)
        {
            try
            {
                IEnumerable<string> found = GetResolvedProviderPathFromPSPath(
                    isLiteral ? WildcardPattern.Escape(path) : path, out _);
                foreach (string item in found)
                {
                    Remove(item);
                }
            }
            catch (SessionStateException error)
            {
                WriteError(error.ErrorRecord);
            }
        }
    }

    private void Remove(string item)
    {
        bool isFolder = Directory.Exists(item);
        if (!ShouldProcess(item, isFolder ? "Remove Directory" : "Remove File"))
        {
            return;
        }

        try
        {
            if (isFolder)
            {
                RemoveFolder(item);
            }
            else
            {
                File.Delete(item);
            }
        }
        catch (Exception error) when (error is IOException or UnauthorizedAccessException)
        {
            WriteError(new ErrorRecord(error, "RemoveItemIOError", ErrorCategory.WriteError, item));
        }
    }

    private void RemoveFolder(string folder)
    {
        bool isEmpty = !Directory.EnumerateFileSystemEntries(folder).Any();
        bool removesAll = isEmpty || Recurse || ShouldContinue(
            $"The item at {folder} has children and the Recurse parameter was not specified. If you continue, all children "
            + "will be removed with the item. Are you sure you want to continue?",
            "Confirm");
        if (removesAll)
        {
            Directory.Delete(folder, recursive: true);
        }
    }
}
