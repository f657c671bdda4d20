using System.Management.Automation;

namespace AzureVmRole.Shell.BuiltIn;

/// <summary>New-Item: makes a folder or a file.</summary>
[Cmdlet(VerbsCommon.New, "Item", SupportsShouldProcess = true)]
[OutputType(typeof(FileInfo), typeof(DirectoryInfo))]
public sealed class NewItemCommand : PSCmdlet
{
    [Parameter(Mandatory = true, Position = 0, ValueFromPipelineByPropertyName = true)]
    public string[] Path { get; set; } = [];

    [Parameter]
    [Alias("Type")]
    [ValidateSet("Directory", "File")]
    public string ItemType { get; set; } = "File";

    [Parameter]
    public SwitchParameter Force { get; set; }

    protected override void ProcessRecord()
    {
        foreach (string path in Path)
        {
            string target = GetUnresolvedProviderPathFromPSPath(path);
            if (!ShouldProcess("Destination: " + target, "Create " + ItemType))
            {
                continue;
            }

            try
            {
                Create(target);
            }
            catch (Exception error) when (error is IOException or UnauthorizedAccessException)
            {
                WriteError(new ErrorRecord(error, "NewItemIOError", ErrorCategory.WriteError, target));
            }
        }
    }

    private void Create(string target)
    {
        bool isFolder = string.Equals(ItemType, "Directory", StringComparison.OrdinalIgnoreCase);
        bool exists = System.IO.Path.Exists(target);
        if (exists && (!Force || isFolder != Directory.Exists(target)))
        {
            IOException error = new(isFolder
                ? $"An item with the specified name {target} already exists."
                : $"The file '{target}' already exists.");
            WriteError(new ErrorRecord(error, "NewItemIOError", ErrorCategory.ResourceExists, target));
            return;
        }

        if (isFolder)
        {
            WriteObject(Directory.CreateDirectory(target));
            return;
        }

        if (Force && System.IO.Path.GetDirectoryName(target) is { } folder)
        {
            Directory.CreateDirectory(folder);
        }

        File.WriteAllBytes(target, []);
        WriteObject(new FileInfo(target));
    }
}
