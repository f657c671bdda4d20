namespace Microsoft.PowerShell.Commands;

/// <summary>The provider of files and folders; scripts know it by its name only.</summary>
public sealed class FileSystemProvider
{
    /// <summary>The provider's name.</summary>
    public const string ProviderName = "FileSystem";
}
