using System.Text;
using Markdig.Extensions.Tables;
using Markdig.Syntax;
using Markdig.Syntax.Inlines;

namespace AzureVmRole.HelpBuilder.Pages;

/// <summary>Turns Markdown into the plain paragraphs that a terminal shows.</summary>
internal static class PlainText
{
    /// <summary>
    /// The paragraphs of some blocks. Lists and code keep their lines; code is not indented, since Get-Help takes the indent of
    /// a paragraph's first line away.
    /// </summary>
    public static IReadOnlyList<string> Of(IEnumerable<Block> blocks) => [.. blocks.SelectMany(Of).Where(text => text.Length > 0)];

    /// <summary>The text of a paragraph or a heading on one line; a hard break starts another one.</summary>
    public static string Of(LeafBlock block) => block.Inline is null ? "" : Of(block.Inline);

    /// <summary>The lines of a code block as they are.</summary>
    public static string CodeOf(CodeBlock block) => block.Lines.ToString().TrimEnd();

    private static IEnumerable<string> Of(Block block) => block switch
    {
        CodeBlock code => [CodeOf(code)],
        LeafBlock leaf => [Of(leaf)],
        ListBlock list => [string.Join('\n', list.OfType<ListItemBlock>().Select((item, index) => ItemOf(list, item, index)))],
        Table table => table.OfType<TableRow>().Where(row => !row.IsHeader).Select(RowOf),
        ContainerBlock container => Of((IEnumerable<Block>)container),
        _ => [],
    };

    private static string ItemOf(ListBlock list, ListItemBlock item, int index)
    {
        string mark = list.IsOrdered ? $"{index + 1}. " : "- ";
        string text = string.Join('\n', Of((IEnumerable<Block>)item));
        return mark + Indent(text, new string(' ', mark.Length)).TrimStart();
    }

    private static string RowOf(TableRow row) =>
        string.Join(": ", row.OfType<TableCell>().Select(cell => string.Join(' ', Of((IEnumerable<Block>)cell))));

    /// <summary>The words of a run of text, without its marks.</summary>
    public static string Of(ContainerInline inlines)
    {
        StringBuilder text = new();
        foreach (Inline inline in inlines)
        {
            text.Append(inline switch
            {
                LiteralInline literal => literal.Content.ToString(),
                CodeInline code => code.Content,
                LineBreakInline { IsHard: true } => "\n",
                LineBreakInline => " ",
                HtmlEntityInline entity => entity.Transcoded.ToString(),
                AutolinkInline address => address.Url,
                LinkInline link => LinkOf(link),
                ContainerInline container => Of(container),
                _ => "",
            });
        }

        return text.ToString();
    }

    private static string LinkOf(LinkInline link)
    {
        string text = Of((ContainerInline)link);
        return link.Url is { } url && url.Contains("://", StringComparison.Ordinal) && url != text ? $"{text} ({url})" : text;
    }

    private static string Indent(string text, string indent) =>
        string.Join('\n', text.Split('\n').Select(line => line.Length == 0 ? line : indent + line));
}
