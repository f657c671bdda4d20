using Xunit;

namespace AzureVmRole.Architecture.Tests;

/// <summary>Which project may reference what: the table of docs/design.md, asserted from the built dlls.</summary>
public sealed class ReferenceTests
{
    private const string PowerShell = "System.Management.Automation";

    /// <summary>Besides the framework. A trailing dot allows every assembly that starts so.</summary>
    private static readonly Dictionary<string, string[]> Allowed = new(StringComparer.Ordinal)
    {
        ["AzureVmRole.Model"] = [],
        ["AzureVmRole.Disks"] = ["AzureVmRole.Model"],
        ["AzureVmRole.Engine"] = ["AzureVmRole.Model", "AzureVmRole.Disks", "Azure.", "Microsoft.Data.Sqlite", "System.IO.Hashing", "System.Memory.Data", "YamlDotNet"],
        ["AzureVmRole.Daemon"] = ["AzureVmRole.Model", "AzureVmRole.Fabric", "Microsoft.AspNetCore", "Microsoft.AspNetCore.", "Microsoft.Extensions."],
        ["AzureVmRole.Fabric"] = ["AzureVmRole.Model", "AzureVmRole.Disks", "AzureVmRole.Engine", "Microsoft.Data.Sqlite", "SQLitePCLRaw.core", "System.Security.Cryptography.Pkcs"],
        ["AzureVmRole.Hashing"] = ["System.IO.Hashing"],
        ["AzureVmRole.Loader"] = [PowerShell],
        ["AzureVmRole.PowerShell"] = ["AzureVmRole.Model", "AzureVmRole.Engine", PowerShell],
        ["AzureVmRole.Shell"] = ["AzureVmRole.Model", "AzureVmRole.PowerShell", PowerShell],
        ["AzureVmRole.Shell.Automation"] = [],
        ["AzureVmRole.HelpBuilder"] = ["Markdig", "System.Reflection.MetadataLoadContext"],
    };

    /// <summary>Parts of the framework that a project must not use.</summary>
    private static readonly Dictionary<string, string[]> Forbidden = new(StringComparer.Ordinal)
    {
        ["AzureVmRole.Model"] = ["System.Console", "System.Net.Http", "System.Net.Sockets", "System.Net.Security", "System.Net.Requests"],
        ["AzureVmRole.Disks"] = ["System.Console", "System.Net."],
        ["AzureVmRole.Engine"] = ["System.Console"],
        ["AzureVmRole.PowerShell"] = ["System.Console"],
    };

    private static readonly string FrameworkFolder = Path.GetDirectoryName(typeof(object).Assembly.Location)!;

    public static TheoryData<string> Projects => [.. BuiltAssembly.Projects];

    [Theory]
    [MemberData(nameof(Projects))]
    public void References_AreThoseOfTheTable(string project)
    {
        Assert.True(Allowed.TryGetValue(project, out string[]? allowed), $"{project} is not in the table.");
        string[] forbidden = Forbidden.GetValueOrDefault(project, []);
        using var assembly = new BuiltAssembly(project);

        Assert.All(assembly.References, name => Assert.True(IsFramework(name) || Matches(name, allowed), name));
        Assert.All(assembly.References, name => Assert.False(Matches(name, forbidden), name));
    }

    private static bool IsFramework(string name) => File.Exists(Path.Combine(FrameworkFolder, name + ".dll"));

    private static bool Matches(string name, string[] patterns) => Array.Exists(
        patterns,
        pattern => pattern.EndsWith('.') ? name.StartsWith(pattern, StringComparison.Ordinal) : name == pattern);
}
