using Markdig.Syntax;

namespace AzureVmRole.HelpBuilder.Pages;

/// <summary>A heading and the blocks below it, down to the next heading of the same level.</summary>
internal sealed record PageSection(string Title, int Line, IReadOnlyList<Block> Blocks)
{
    /// <summary>Cuts blocks at the headings of one level; what stands before the first of them is in <paramref name="before"/>.</summary>
    public static IReadOnlyList<PageSection> Split(IEnumerable<Block> blocks, int level, out IReadOnlyList<Block> before)
    {
        List<Block> head = [];
        List<PageSection> sections = [];
        List<Block> current = head;
        foreach (Block block in blocks)
        {
            if (block is HeadingBlock heading && heading.Level == level)
            {
                current = [];
                sections.Add(new PageSection(PlainText.Of(heading).Trim(), heading.Line + 1, current));
            }
            else
            {
                current.Add(block);
            }
        }

        before = head;
        return sections;
    }
}
