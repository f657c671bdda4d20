using Markdig;
using Markdig.Extensions.Tables;
using Markdig.Syntax;
using Markdig.Syntax.Inlines;

namespace AzureVmRole.HelpBuilder.Pages;

/// <summary>Takes a help page apart. The headings and their order are fixed; see CONTRIBUTING.md.</summary>
internal static class PageReader
{
    private static readonly string[] SectionTitles =
        ["Synopsis", "Description", "Parameters", "Examples", "Inputs", "Outputs", "Errors", "Related"];

    private const string DefaultMark = "Default:";

    private static readonly MarkdownPipeline Pipeline =
        new MarkdownPipelineBuilder().UsePipeTables().UsePreciseSourceLocation().Build();

    public static HelpPage Read(string file, string markdown)
    {
        List<HelpProblem> problems = [];
        IReadOnlyList<PageSection> titles = PageSection.Split(Markdown.Parse(markdown, Pipeline), 1, out _);
        if (titles.Count != 1)
        {
            problems.Add(new HelpProblem(file, titles.Count == 0 ? 1 : titles[1].Line, HelpCodes.PageShape,
                "A page needs one heading of the first level: the name of the cmdlet."));
        }

        PageSection title = titles.Count > 0 ? titles[0] : new PageSection(Path.GetFileNameWithoutExtension(file), 1, []);
        IReadOnlyList<PageSection> sections = PageSection.Split(title.Blocks, 2, out _);
        problems.AddRange(CheckOrder(file, sections));

        IReadOnlyList<Block> In(string name) => sections.FirstOrDefault(section => section.Title == name)?.Blocks ?? [];
        return new HelpPage
        {
            File = file,
            Name = title.Title,
            Synopsis = PlainText.Of(In("Synopsis")),
            Description = PlainText.Of(In("Description")),
            Parameters = [.. PageSection.Split(In("Parameters"), 3, out _).Select(ReadParameter)],
            Examples = [.. PageSection.Split(In("Examples"), 3, out _).Select(ReadExample)],
            Inputs = ReadEntries(In("Inputs")),
            Outputs = ReadEntries(In("Outputs")),
            Errors = ReadEntries(In("Errors")),
            Links = ReadLinks(In("Related")),
            SectionLines = sections.DistinctBy(section => section.Title, StringComparer.Ordinal)
                .ToDictionary(section => section.Title, section => section.Line, StringComparer.Ordinal),
            Problems = problems,
        };
    }

    private static IEnumerable<HelpProblem> CheckOrder(string file, IReadOnlyList<PageSection> sections)
    {
        int last = -1;
        foreach (PageSection section in sections)
        {
            int index = Array.IndexOf(SectionTitles, section.Title);
            if (index <= last)
            {
                yield return new HelpProblem(file, section.Line, HelpCodes.PageShape,
                    $"The heading '{section.Title}' is unknown, double or out of order. "
                    + $"The headings are {string.Join(", ", SectionTitles)}.");
            }

            last = Math.Max(last, index);
        }
    }

    private static PageParameter ReadParameter(PageSection section)
    {
        List<string> text = [.. PlainText.Of(section.Blocks)];
        int index = text.FindIndex(paragraph => paragraph.StartsWith(DefaultMark, StringComparison.Ordinal));
        string? defaultValue = null;
        if (index >= 0)
        {
            defaultValue = text[index][DefaultMark.Length..].Trim().TrimEnd('.');
            text.RemoveAt(index);
        }

        return new PageParameter(section.Title.TrimStart('-'), section.Line, text, defaultValue);
    }

    private static PageExample ReadExample(PageSection section)
    {
        bool IsCode(Block block) => block is FencedCodeBlock { Info: "powershell" };
        string code = string.Join("\n\n", section.Blocks.Where(IsCode).Cast<CodeBlock>().Select(PlainText.CodeOf));
        return new PageExample(section.Title, section.Line, code, PlainText.Of(section.Blocks.Where(block => !IsCode(block))));
    }

    private static PageEntry[] ReadEntries(IEnumerable<Block> blocks) =>
    [
        .. blocks.OfType<Table>().SelectMany(table => table.OfType<TableRow>()).Where(row => !row.IsHeader).Select(row =>
        {
            string[] cells = [.. row.OfType<TableCell>().Select(cell => string.Join('\n', PlainText.Of(cell)))];
            return new PageEntry(cells[0], row.Line + 1, [.. cells.Skip(1).Where(cell => cell.Length > 0)]);
        }),
    ];

    private static PageLink[] ReadLinks(IEnumerable<Block> blocks) =>
    [
        .. blocks.SelectMany(block => block.Descendants<LinkInline>()).Select(link =>
            new PageLink(PlainText.Of(link), link.Url ?? "", link.Line + 1)),
    ];
}
