using System.Diagnostics.CodeAnalysis;
using System.Text;
using System.Xml;

namespace AzureVmRole.Fabric.Guests.Wire;

/// <summary>Reads the XML of a guest: UTF-8, no document type, bounded in length, depth and number of elements; forward only, without a tree.</summary>
internal static class WireXml
{
    /// <summary>The longest document, in bytes.</summary>
    public const int Longest = 64 * 1024;

    private const int MostElements = 256;
    private const int Deepest = 16;

    private static readonly UTF8Encoding Utf8 = new(encoderShouldEmitUTF8Identifier: false, throwOnInvalidBytes: true);

    private static readonly XmlReaderSettings Settings = new()
    {
        DtdProcessing = DtdProcessing.Prohibit,
        XmlResolver = null,
        MaxCharactersInDocument = Longest,
        IgnoreComments = true,
        IgnoreProcessingInstructions = true,
    };

    /// <summary>Reads a document.</summary>
    /// <param name="body">What the guest sent.</param>
    /// <param name="elements">Each element's path of local names (<c>Health/Container/ContainerId</c>), attributes and own text, in the order in which they end.</param>
    /// <returns>False when it is no XML, or more than is allowed.</returns>
    public static bool TryRead(ReadOnlySpan<byte> body, [NotNullWhen(true)] out IReadOnlyList<WireElement>? elements)
    {
        elements = null;
        if (body.Length > Longest)
        {
            return false;
        }

        try
        {
            string text = Utf8.GetString(body.StartsWith(Encoding.UTF8.Preamble) ? body[Encoding.UTF8.Preamble.Length..] : body);
            using var reader = XmlReader.Create(new StringReader(text), Settings);
            elements = Read(reader);
        }
        catch (XmlException)
        {
            return false;
        }
        catch (DecoderFallbackException)
        {
            return false;
        }

        return elements is not null;
    }

    private static List<WireElement>? Read(XmlReader reader)
    {
        var elements = new List<WireElement>();
        var open = new Stack<(WireElement Element, StringBuilder Text)>();
        int count = 0;
        while (reader.Read())
        {
            switch (reader.NodeType)
            {
                case XmlNodeType.Element:
                    if (++count > MostElements || open.Count == Deepest)
                    {
                        return null;
                    }

                    string path = open.Count == 0 ? reader.LocalName : $"{open.Peek().Element.Path}/{reader.LocalName}";
                    bool isEmpty = reader.IsEmptyElement;
                    var element = new WireElement(path, Attributes(reader), "");
                    if (isEmpty)
                    {
                        elements.Add(element);
                    }
                    else
                    {
                        open.Push((element, new StringBuilder()));
                    }

                    break;
                case XmlNodeType.Text or XmlNodeType.CDATA or XmlNodeType.SignificantWhitespace:
                    open.Peek().Text.Append(reader.Value);
                    break;
                case XmlNodeType.EndElement:
                    (WireElement ended, StringBuilder content) = open.Pop();
                    elements.Add(ended with { Text = content.ToString() });
                    break;
            }
        }

        return elements;
    }

    private static Dictionary<string, string> Attributes(XmlReader reader)
    {
        var attributes = new Dictionary<string, string>(StringComparer.Ordinal);
        while (reader.MoveToNextAttribute())
        {
            attributes[reader.LocalName] = reader.Value;
        }

        reader.MoveToElement();
        return attributes;
    }
}
