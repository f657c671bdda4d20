using System.Text;

namespace AzureVmRole.Shell.Help;

/// <summary>Lays a help page out as Get-Help does.</summary>
internal sealed class HelpText
{
    private const string Indent = "    ";
    private const int Width = 100;

    private readonly StringBuilder _text = new();

    public static string Write(HelpPage page, IReadOnlyList<string> syntax, bool full)
    {
        HelpText help = new();
        help.Section("NAME", page.Name);
        help.Section("SYNOPSIS", page.Synopsis);
        help.Section("SYNTAX", string.Join("\n\n", syntax));
        help.Section("DESCRIPTION", page.Description);
        if (full)
        {
            help.AddParameters(page.Parameters);
            help.Section("INPUTS", string.Join('\n', page.Inputs));
            help.Section("OUTPUTS", string.Join('\n', page.Outputs));
            help.Section("NOTES", page.Notes);
            help.AddExamples(page.Examples);
        }

        help.Section("RELATED LINKS", string.Join('\n', page.RelatedLinks));
        return help.ToString();
    }

    public static string WriteExamples(HelpPage page)
    {
        HelpText help = new();
        help.Section("NAME", page.Name);
        help.Section("SYNOPSIS", page.Synopsis);
        help.AddExamples(page.Examples);
        return help.ToString();
    }

    public static string WriteParameters(IEnumerable<HelpParameter> parameters)
    {
        HelpText help = new();
        foreach (HelpParameter parameter in parameters)
        {
            help.AddParameter(parameter, "");
        }

        return help.ToString();
    }

    public override string ToString() => _text.ToString().TrimEnd();

    private void Section(string title, string content)
    {
        if (content.Length == 0)
        {
            return;
        }

        _text.AppendLine(title);
        AddWrapped(content, Indent);
        _text.AppendLine();
    }

    private void AddParameters(IReadOnlyList<HelpParameter> parameters)
    {
        if (parameters.Count == 0)
        {
            return;
        }

        _text.AppendLine("PARAMETERS");
        foreach (HelpParameter parameter in parameters)
        {
            AddParameter(parameter, Indent);
        }
    }

    private void AddParameter(HelpParameter parameter, string indent)
    {
        string type = parameter.TypeName.Length > 0 ? $" <{parameter.TypeName}>" : "";
        _text.Append(indent).AppendLine($"-{parameter.Name}{type}");
        AddWrapped(parameter.Description, indent + Indent);
        _text.AppendLine();
        AddFact(indent, "Required?", parameter.Required);
        AddFact(indent, "Position?", parameter.Position);
        AddFact(indent, "Default value", parameter.DefaultValue);
        AddFact(indent, "Accept pipeline input?", parameter.PipelineInput);
        AddFact(indent, "Accept wildcard characters?", parameter.Wildcards);
        _text.AppendLine();
    }

    private void AddFact(string indent, string name, string value)
    {
        if (value.Length > 0)
        {
            _text.Append(indent).Append(Indent).Append(name.PadRight(30)).AppendLine(value);
        }
    }

    private void AddExamples(IReadOnlyList<HelpExample> examples)
    {
        foreach (HelpExample example in examples)
        {
            _text.Append(Indent).AppendLine($"-------- {example.Title} --------").AppendLine();
            foreach (string line in example.Code.ReplaceLineEndings("\n").Split('\n'))
            {
                _text.Append(Indent).AppendLine(line);
            }

            _text.AppendLine();
            AddWrapped(example.Remarks, Indent);
            _text.AppendLine();
        }
    }

    private void AddWrapped(string content, string indent)
    {
        foreach (string paragraph in content.ReplaceLineEndings("\n").Split('\n'))
        {
            StringBuilder line = new(indent);
            foreach (string word in paragraph.Split(' ', StringSplitOptions.RemoveEmptyEntries))
            {
                if (line.Length > indent.Length && line.Length + word.Length >= Width)
                {
                    _text.AppendLine(line.ToString().TrimEnd());
                    line.Clear().Append(indent);
                }

                line.Append(word).Append(' ');
            }

            _text.AppendLine(line.ToString().TrimEnd());
        }
    }
}
