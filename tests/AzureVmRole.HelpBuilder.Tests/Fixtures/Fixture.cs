using AzureVmRole.HelpBuilder.Metadata;

namespace AzureVmRole.HelpBuilder.Tests.Fixtures;

/// <summary>The fixture's page, and this assembly as one that holds cmdlets.</summary>
internal static class Fixture
{
    public static string PagePath { get; } = PathOf("Measure-Thing.md");

    public static string Page { get; } = File.ReadAllText(PagePath);

    public static string AssemblyPath { get; } = typeof(Fixture).Assembly.Location;

    /// <summary>What this program runs on stands in for what it was compiled against.</summary>
    public static string[] References { get; } =
        ((string)AppContext.GetData("TRUSTED_PLATFORM_ASSEMBLIES")!).Split(Path.PathSeparator);

    public static CmdletEntry Cmdlet { get; } = ReadCmdlets().Single();

    public static string PathOf(string name) => Path.Combine(AppContext.BaseDirectory, "Fixtures", name);

    private static IReadOnlyList<CmdletEntry> ReadCmdlets()
    {
        using CmdletAssembly assembly = new(AssemblyPath, References);
        return assembly.ReadCmdlets();
    }
}
