using System.Xml.Linq;
using AzureVmRole.HelpBuilder.Checks;
using AzureVmRole.HelpBuilder.Maml;
using AzureVmRole.HelpBuilder.Metadata;
using AzureVmRole.HelpBuilder.Pages;

namespace AzureVmRole.HelpBuilder;

/// <summary>One run: reads the cmdlets and the pages, checks them against each other, writes the help.</summary>
internal static class HelpBuild
{
    /// <summary>Writes the help, or nothing when there are problems.</summary>
    /// <returns>All problems found, in the order of files and lines.</returns>
    public static IReadOnlyList<HelpProblem> Run(HelpBuilderOptions options)
    {
        using CmdletAssembly assembly = new(options.CmdletAssemblyPath, File.ReadAllLines(options.ReferenceListPath));
        IReadOnlyList<CmdletEntry> cmdlets = assembly.ReadCmdlets();
        IReadOnlySet<string>? errorIds = options.ErrorCodeType is { } type ? assembly.ReadEnumNames(type) : null;

        List<HelpProblem> problems = [];
        List<HelpPage> pages = [];
        foreach (string path in PagePaths(options.PagesFolder))
        {
            HelpPage page = PageReader.Read(path, File.ReadAllText(path));
            pages.Add(page);
            problems.AddRange(page.Problems);
        }

        problems.AddRange(PageChecker.Check(options.PagesFolder, cmdlets, pages, errorIds));
        if (problems.Count > 0)
        {
            return [.. problems.OrderBy(problem => problem.File, StringComparer.Ordinal).ThenBy(problem => problem.Line)];
        }

        Directory.CreateDirectory(options.OutputFolder);
        XDocument maml = MamlDocument.Create(cmdlets, pages);
        string name = Path.GetFileName(options.CmdletAssemblyPath) + "-Help.xml";
        MamlDocument.Save(maml, Path.Combine(options.OutputFolder, name));
        CopyTopics(options);
        return [];
    }

    private static IEnumerable<string> PagePaths(string folder) =>
        Directory.EnumerateFiles(folder, "*.md")
            .Where(path => !Path.GetFileName(path).StartsWith("about_", StringComparison.Ordinal))
            .Order(StringComparer.Ordinal);

    private static void CopyTopics(HelpBuilderOptions options)
    {
        foreach (string path in Directory.EnumerateFiles(options.PagesFolder, "about_*.help.txt"))
        {
            File.Copy(path, Path.Combine(options.OutputFolder, Path.GetFileName(path)), overwrite: true);
        }
    }
}
