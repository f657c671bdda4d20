using System.Globalization;
using System.Xml.Linq;
using AzureVmRole.HelpBuilder.Metadata;
using AzureVmRole.HelpBuilder.Pages;
using static AzureVmRole.HelpBuilder.Maml.MamlNames;

namespace AzureVmRole.HelpBuilder.Maml;

/// <summary>A parameter, joined from the cmdlet and the page.</summary>
/// <param name="Entry">What the cmdlet declares.</param>
/// <param name="Page">What the page says.</param>
internal sealed record MamlParameter(ParameterEntry Entry, PageParameter Page)
{
    /// <summary>The parameters in the page's order, then those that ShouldProcess adds.</summary>
    public static IReadOnlyList<MamlParameter> Join(CmdletEntry cmdlet, HelpPage page) =>
    [
        .. page.Parameters.Join(
            cmdlet.Parameters,
            described => described.Name,
            entry => entry.Name,
            (described, entry) => new MamlParameter(entry, described),
            StringComparer.Ordinal),
        .. cmdlet.SupportsShouldProcess ? new[]
        {
            Added("WhatIf", "wi", "Shows what the cmdlet would do, and does nothing."),
            Added("Confirm", "cf", "Asks before the cmdlet changes anything."),
        }
        : [],
    ];

    /// <summary>The parameter as the list of all parameters shows it.</summary>
    public XElement ToElement()
    {
        // A parameter in several sets has one entry in the list: the one of the set declared first, as PowerShell does.
        XElement element = Element(Entry.Sets[0], Paragraphs(Texts()));
        element.Add(TypeElement(), new XElement(Dev + "defaultValue", DefaultValue));
        return element;
    }

    /// <summary>The parameter in a line of the syntax.</summary>
    public XElement ToSyntaxElement(ParameterSetEntry set)
    {
        XElement element = Element(set, []);
        if (Entry.Values.Count > 0)
        {
            element.Add(new XElement(Command + "parameterValueGroup", Entry.Values.Select(value => new XElement(
                Command + "parameterValue",
                new XAttribute("required", "false"),
                new XAttribute("variableLength", "false"),
                value))));
        }
        else
        {
            element.Add(TypeElement());
        }

        return element;
    }

    /// <summary>What the page says, then the values: Get-Help lists them in the syntax only.</summary>
    private IEnumerable<string> Texts() =>
        Entry.Values.Count > 0 ? Page.Text.Append($"Values: {string.Join(", ", Entry.Values)}.") : Page.Text;

    private string DefaultValue => Page.DefaultValue ?? (Entry.IsSwitch ? "False" : "None");

    private static MamlParameter Added(string name, string alias, string text) => new(
        new ParameterEntry
        {
            Name = name,
            TypeName = "SwitchParameter",
            FullTypeName = "System.Management.Automation.SwitchParameter",
            IsSwitch = true,
            Aliases = [alias],
            Sets = [new ParameterSetEntry()],
        },
        new PageParameter(name, 0, [text], null));

    private XElement Element(ParameterSetEntry set, IEnumerable<XElement> text) =>
        new(
            Command + "parameter",
            new XAttribute("required", set.IsMandatory ? "true" : "false"),
            new XAttribute("variableLength", Entry.TypeName.EndsWith("[]", StringComparison.Ordinal) ? "true" : "false"),
            new XAttribute("globbing", Entry.SupportsWildcards ? "true" : "false"),
            new XAttribute("pipelineInput", PipelineInput(set)),
            new XAttribute("position", set.Position?.ToString(CultureInfo.InvariantCulture) ?? "named"),
            new XAttribute("aliases", Entry.Aliases.Count == 0 ? "none" : string.Join(", ", Entry.Aliases)),
            new XElement(Text + "name", Entry.Name),
            new XElement(Text + "description", text));

    /// <summary>PowerShell's syntax view shows a value for every parameter that has this element, so a switch has none.</summary>
    private object[] TypeElement()
    {
        XElement type = new(
            Dev + "type",
            new XElement(Text + "name", Entry.FullTypeName),
            new XElement(Text + "uri"));
        return Entry.IsSwitch
            ? [type]
            :
            [
                new XElement(
                    Command + "parameterValue",
                    new XAttribute("required", "true"),
                    new XAttribute("variableLength", Entry.TypeName.EndsWith("[]", StringComparison.Ordinal) ? "true" : "false"),
                    Entry.TypeName),
                type,
            ];
    }

    private static string PipelineInput(ParameterSetEntry set) => (set.FromPipeline, set.FromPipelineByPropertyName) switch
    {
        (true, true) => "True (ByPropertyName, ByValue)",
        (true, false) => "True (ByValue)",
        (false, true) => "True (ByPropertyName)",
        _ => "False",
    };
}
