using System.Security.Cryptography;

namespace AzureVmRole.Engine.Tests.Killing;

/// <summary>What every disk of a folder shows, by name: a digest of its content, or why it does not open.</summary>
internal sealed class FolderState
{
    public const string Absent = "absent";

    private static readonly string[] Unfinished = [".azvmrole-partial", ".azvmrole-editing", ".azvmrole-merge", ".azvmrole-merging"];

    private readonly Dictionary<string, string> _shown;

    private FolderState(Dictionary<string, string> shown) => _shown = shown;

    public IEnumerable<string> Names => _shown.Keys;

    /// <summary>What the disk shows.</summary>
    public string this[string name] => _shown.GetValueOrDefault(name, Absent);

    /// <summary>Opens and reads every disk; what has no final name is no disk.</summary>
    public static FolderState Read(DiskFolder folder) => new(folder.Names
        .Where(name => !Array.Exists(Unfinished, name.EndsWith))
        .ToDictionary(name => name, name => Show(folder, name), StringComparer.Ordinal));

    private static string Show(DiskFolder folder, string name)
    {
        try
        {
            byte[] content = folder.Read(name);
            return $"{content.Length} bytes {Convert.ToHexString(SHA256.HashData(content).AsSpan(0, 8))}";
        }
        catch (AzureVmRoleException exception)
        {
            return exception.Code.ToString();
        }
    }
}
