using System.Xml.Linq;

namespace AzureVmRole.HelpBuilder.Maml;

/// <summary>The XML namespaces of PowerShell's command help.</summary>
internal static class MamlNames
{
    public static readonly XNamespace Items = "http://msh";
    public static readonly XNamespace Text = "http://schemas.microsoft.com/maml/2004/10";
    public static readonly XNamespace Command = "http://schemas.microsoft.com/maml/dev/command/2004/10";
    public static readonly XNamespace Dev = "http://schemas.microsoft.com/maml/dev/2004/10";

    /// <summary>The paragraphs of a text.</summary>
    public static IEnumerable<XElement> Paragraphs(IEnumerable<string> texts) => texts.Select(text => new XElement(Text + "para", text));
}
