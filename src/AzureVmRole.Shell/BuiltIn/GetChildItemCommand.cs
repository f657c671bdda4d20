using System.Management.Automation;

namespace AzureVmRole.Shell.BuiltIn;

/// <summary>Get-ChildItem: files and folders.</summary>
[Cmdlet(VerbsCommon.Get, "ChildItem")]
[OutputType(typeof(FileInfo), typeof(DirectoryInfo))]
public sealed class GetChildItemCommand : PSCmdlet
{
    [Parameter(Position = 0, ValueFromPipeline = true, ValueFromPipelineByPropertyName = true)]
    public string[] Path { get; set; } = ["."];

    [Parameter(Position = 1)]
    public string? Filter { get; set; }

    [Parameter]
    public SwitchParameter Recurse { get; set; }

    [Parameter]
    public SwitchParameter File { get; set; }

    [Parameter]
    public SwitchParameter Directory { get; set; }

    [Parameter]
    public SwitchParameter Force { get; set; }

    [Parameter]
    public SwitchParameter Name { get; set; }

    protected override void ProcessRecord()
    {
        foreach (string path in Path)
        {
            try
            {
                bool literal = !WildcardPattern.ContainsWildcardCharacters(path);
                foreach (string found in GetResolvedProviderPathFromPSPath(path, out _))
                {
                    Write(found, listsFolder: literal || Recurse);
                }
            }
            catch (SessionStateException error)
            {
                WriteError(error.ErrorRecord);
            }
            catch (Exception error) when (error is IOException or UnauthorizedAccessException)
            {
                WriteError(new ErrorRecord(error, "DirIOError", ErrorCategory.ReadError, path));
            }
        }
    }

    private void Write(string path, bool listsFolder)
    {
        if (!System.IO.Directory.Exists(path))
        {
            WriteItem(new FileInfo(path), System.IO.Path.GetFileName(path));
            return;
        }

        if (!listsFolder)
        {
            WriteItem(new DirectoryInfo(path), System.IO.Path.GetFileName(path));
            return;
        }

        EnumerationOptions options = new()
        {
            RecurseSubdirectories = Recurse,
            AttributesToSkip = Force ? FileAttributes.None : FileAttributes.Hidden,
        };
        List<FileSystemInfo> items = [.. new DirectoryInfo(path).EnumerateFileSystemInfos(Filter ?? "*", options)];
        items.Sort(Compare);
        foreach (FileSystemInfo item in items)
        {
            WriteItem(item, System.IO.Path.GetRelativePath(path, item.FullName));
        }
    }

    // Folder by folder, folders before files.
    private static int Compare(FileSystemInfo left, FileSystemInfo right)
    {
        int folders = StringComparer.OrdinalIgnoreCase.Compare(
            System.IO.Path.GetDirectoryName(left.FullName), System.IO.Path.GetDirectoryName(right.FullName));
        int kinds = (left is FileInfo).CompareTo(right is FileInfo);
        return folders != 0 ? folders
            : kinds != 0 ? kinds
            : StringComparer.OrdinalIgnoreCase.Compare(left.Name, right.Name);
    }

    private void WriteItem(FileSystemInfo item, string relativeName)
    {
        bool isFolder = item is DirectoryInfo;
        if ((File && isFolder) || (Directory && !isFolder))
        {
            return;
        }

        if (Name)
        {
            WriteObject(relativeName);
            return;
        }

        PSObject wrapper = new(item);
        wrapper.Properties.Add(new PSNoteProperty("PSPath", @"Microsoft.PowerShell.Core\FileSystem::" + item.FullName));
        WriteObject(wrapper);
    }
}
