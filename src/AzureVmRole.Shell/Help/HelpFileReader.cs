using System.Xml;
using System.Xml.Linq;

namespace AzureVmRole.Shell.Help;

/// <summary>Reads a help file of PowerShell (MAML).</summary>
internal static class HelpFileReader
{
    /// <summary>Returns the page of a command; null when the file has none.</summary>
    public static HelpPage? Read(string path, string commandName)
    {
        XmlReaderSettings settings = new() { DtdProcessing = DtdProcessing.Prohibit };
        using var reader = XmlReader.Create(path, settings);
        var document = XDocument.Load(reader);
        foreach (XElement command in All(document.Root, "command"))
        {
            string name = Text(One(One(command, "details"), "name"));
            if (string.Equals(name, commandName, StringComparison.OrdinalIgnoreCase))
            {
                return ReadPage(command, name);
            }
        }

        return null;
    }

    private static HelpPage ReadPage(XElement command, string name) => new()
    {
        Name = name,
        Synopsis = Paragraphs(One(One(command, "details"), "description")),
        Description = Paragraphs(One(command, "description")),
        Parameters = [.. All(One(command, "parameters"), "parameter").Select(ReadParameter)],
        Examples = [.. All(One(command, "examples"), "example").Select(ReadExample)],
        Inputs = TypeNames(One(command, "inputTypes"), "inputType"),
        Outputs = TypeNames(One(command, "returnValues"), "returnValue"),
        Notes = Paragraphs(One(One(command, "alertSet"), "alert")),
        RelatedLinks =
        [
            .. All(One(command, "relatedLinks"), "navigationLink")
                .Select(link => $"{Text(One(link, "linkText"))} {Text(One(link, "uri"))}".Trim()),
        ],
    };

    private static HelpParameter ReadParameter(XElement parameter) => new(
        Text(One(parameter, "name")),
        Text(One(parameter, "parameterValue")),
        Paragraphs(One(parameter, "description")),
        Attribute(parameter, "required"),
        Attribute(parameter, "position"),
        Text(One(parameter, "defaultValue")),
        Attribute(parameter, "pipelineInput"),
        Attribute(parameter, "globbing"));

    private static HelpExample ReadExample(XElement example) => new(
        Text(One(example, "title")).Trim('-', ' '),
        One(example, "code")?.Value.Trim() ?? "",
        Paragraphs(One(example, "remarks")));

    private static List<string> TypeNames(XElement? parent, string name) =>
        [.. All(parent, name).Select(item => Text(One(One(item, "type"), "name"))).Where(text => text.Length > 0)];

    private static XElement? One(XElement? parent, string localName) =>
        parent?.Elements().FirstOrDefault(element => Is(element, localName));

    private static IEnumerable<XElement> All(XElement? parent, string localName) =>
        parent?.Elements().Where(element => Is(element, localName)) ?? [];

    private static bool Is(XElement element, string localName) =>
        string.Equals(element.Name.LocalName, localName, StringComparison.Ordinal);

    private static string Text(XElement? element) => element?.Value.Trim() ?? "";

    private static string Attribute(XElement element, string name) => element.Attribute(name)?.Value ?? "";

    private static string Paragraphs(XElement? element)
    {
        if (element is null)
        {
            return "";
        }

        IEnumerable<string> paragraphs = All(element, "para").Select(Text).Where(text => text.Length > 0);
        string joined = string.Join("\n\n", paragraphs);
        return joined.Length > 0 ? joined : Text(element);
    }
}
