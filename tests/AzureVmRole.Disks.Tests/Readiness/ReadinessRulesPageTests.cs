using AzureVmRole.Disks.Readiness;
using Xunit;

namespace AzureVmRole.Disks.Tests.Readiness;

/// <summary>The page that lists the rules, held against the rules.</summary>
public sealed class ReadinessRulesPageTests
{
    [Fact]
    public void Page_RulesApplied_AreTheCatalogue()
    {
        string[] listed = [.. ReadPage().TakeWhile(line => line != "## What reading the disk found").SelectMany(RuleOf)];

        Assert.Equal(ReadinessCatalogue.Rules.Select(rule => rule.Id).ToArray(), listed.Distinct(StringComparer.Ordinal).ToArray());
    }

    /// <summary>The first cell of a row; headings and lines under them start with a small letter or a dash.</summary>
    private static IEnumerable<string> RuleOf(string line) =>
        line.Length > 2 && line.StartsWith("| ", StringComparison.Ordinal) && char.IsAsciiLetterUpper(line[2])
            ? [line.Split('|')[1].Trim()]
            : [];

    private static string[] ReadPage()
    {
        DirectoryInfo? folder = new(AppContext.BaseDirectory);
        while (folder is not null && !File.Exists(Path.Combine(folder.FullName, "AzureVmRole.psd1")))
        {
            folder = folder.Parent;
        }

        Assert.NotNull(folder);
        return File.ReadAllLines(Path.Combine(folder.FullName, "docs", "formats", "readiness-rules.md"));
    }
}
