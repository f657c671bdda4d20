using System.Text;
using System.Xml;
using System.Xml.Linq;
using AzureVmRole.HelpBuilder.Metadata;
using AzureVmRole.HelpBuilder.Pages;

namespace AzureVmRole.HelpBuilder.Maml;

/// <summary>The help file of a cmdlet assembly.</summary>
internal static class MamlDocument
{
    /// <summary>Joins cmdlets and pages of the same name, in the order of the names.</summary>
    public static XDocument Create(IEnumerable<CmdletEntry> cmdlets, IEnumerable<HelpPage> pages)
    {
        IEnumerable<XElement> commands = cmdlets
            .Join(pages, cmdlet => cmdlet.Name, page => page.Name, MamlCommand.Create, StringComparer.Ordinal)
            .OrderBy(command => command.Descendants(MamlNames.Command + "name").First().Value, StringComparer.Ordinal);
        return new XDocument(new XElement(
            MamlNames.Items + "helpItems",
            new XAttribute("schema", "maml"),
            new XAttribute(XNamespace.Xmlns + "maml", MamlNames.Text.NamespaceName),
            new XAttribute(XNamespace.Xmlns + "command", MamlNames.Command.NamespaceName),
            new XAttribute(XNamespace.Xmlns + "dev", MamlNames.Dev.NamespaceName),
            commands));
    }

    /// <summary>Writes UTF-8 with LF on every system, so that the same input makes the same bytes.</summary>
    public static void Save(XDocument document, string path)
    {
        XmlWriterSettings settings = new()
        {
            Encoding = new UTF8Encoding(encoderShouldEmitUTF8Identifier: false),
            Indent = true,
            NewLineChars = "\n",
            NewLineHandling = NewLineHandling.Replace,
        };
        using var writer = XmlWriter.Create(path, settings);
        document.Save(writer);
    }
}
