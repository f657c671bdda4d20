using System.Xml.Linq;
using AzureVmRole.HelpBuilder.Metadata;
using AzureVmRole.HelpBuilder.Pages;
using static AzureVmRole.HelpBuilder.Maml.MamlNames;

namespace AzureVmRole.HelpBuilder.Maml;

/// <summary>The help of one cmdlet.</summary>
internal static class MamlCommand
{
    public static XElement Create(CmdletEntry cmdlet, HelpPage page)
    {
        IReadOnlyList<MamlParameter> parameters = MamlParameter.Join(cmdlet, page);
        return new XElement(
            Command + "command",
            new XElement(
                Command + "details",
                new XElement(Command + "name", cmdlet.Name),
                new XElement(Command + "verb", cmdlet.Verb),
                new XElement(Command + "noun", cmdlet.Noun),
                new XElement(Text + "description", Paragraphs(page.Synopsis))),
            new XElement(Text + "description", Paragraphs(page.Description)),
            new XElement(Command + "syntax", cmdlet.SetNames.Select(name => SyntaxItem(cmdlet, parameters, name))),
            new XElement(Command + "parameters", parameters.Select(parameter => parameter.ToElement())),
            new XElement(Command + "inputTypes", page.Inputs.Select(entry => TypeEntry("inputType", entry))),
            new XElement(Command + "returnValues", page.Outputs.Select(entry => TypeEntry("returnValue", entry))),
            new XElement(Text + "alertSet", new XElement(Text + "alert", Paragraphs(ErrorTexts(page)))),
            new XElement(Command + "examples", page.Examples.Select(Example)),
            new XElement(Command + "relatedLinks", page.Links.Select(Link)));
    }

    /// <summary>One line of the syntax: positional parameters, then mandatory ones, then the others in the page's order.</summary>
    private static XElement SyntaxItem(CmdletEntry cmdlet, IReadOnlyList<MamlParameter> parameters, string setName) =>
        new(
            Command + "syntaxItem",
            new XElement(Text + "name", cmdlet.Name),
            parameters
                .Select(parameter => (Parameter: parameter, Set: parameter.Entry.In(setName)))
                .Where(pair => pair.Set is not null)
                .OrderBy(pair => pair.Set!.Position ?? int.MaxValue)
                .ThenBy(pair => pair.Set!.IsMandatory ? 0 : 1)
                .Select(pair => pair.Parameter.ToSyntaxElement(pair.Set!)));

    private static XElement TypeEntry(string name, PageEntry entry) =>
        new(
            Command + name,
            new XElement(Dev + "type", new XElement(Text + "name", entry.Name)),
            new XElement(Text + "description", Paragraphs(entry.Text)));

    /// <summary>The empty paragraph at the end parts the examples: Get-Help adds no line of its own.</summary>
    private static XElement Example(PageExample example, int index) =>
        new(
            Command + "example",
            new XElement(Text + "title", $"---------- Example {index + 1}: {example.Title} ----------"),
            new XElement(Dev + "code", example.Code),
            new XElement(Dev + "remarks", Paragraphs(example.Remarks.Append(""))));

    private static IEnumerable<string> ErrorTexts(HelpPage page) =>
        page.Errors.Select(error => string.Join("\n    ", error.Text.Prepend(error.Name)))
            .Prepend("Errors this cmdlet reports, by error id:");

    private static XElement Link(PageLink link) =>
        new(
            Text + "navigationLink",
            new XElement(Text + "linkText", link.Text),
            new XElement(Text + "uri", link.IsWeb ? link.Target : ""));
}
