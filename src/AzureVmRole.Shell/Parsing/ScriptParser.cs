namespace AzureVmRole.Shell.Parsing;

/// <summary>
/// Reads the part of PowerShell that the shell runs: pipelines of commands with literal arguments. Everything else
/// is refused by name and place; what is accepted means the same in PowerShell.
/// </summary>
internal sealed partial class ScriptParser
{
    private readonly SourceReader _source;
    private readonly string? _scriptRoot;

    private ScriptParser(string text, string? scriptRoot)
    {
        _source = new SourceReader(text);
        _scriptRoot = scriptRoot;
    }

    /// <summary>Reads a script.</summary>
    /// <param name="text">The script.</param>
    /// <param name="scriptRoot">The folder of the script file, for <c>$PSScriptRoot</c>; null where there is none.</param>
    /// <exception cref="ScriptSyntaxException">Something is outside the subset.</exception>
    public static List<PipelineSyntax> Parse(string text, string? scriptRoot)
    {
        ScriptParser parser = new(text, scriptRoot);
        List<PipelineSyntax> pipelines = [];
        parser.SkipBetweenStatements();
        while (!parser._source.IsAtEnd)
        {
            pipelines.Add(parser.ParsePipeline());
            parser.SkipBetweenStatements();
        }

        return pipelines;
    }

    private PipelineSyntax ParsePipeline()
    {
        int start = _source.Index;
        int end;
        List<CommandSyntax> commands = [];
        do
        {
            commands.Add(ParseCommand());
            end = _source.Index;
        }
        while (TakePipe());
        _source.Return(end);
        return new PipelineSyntax(commands, _source.Slice(start).TrimEnd());
    }

    private CommandSyntax ParseCommand()
    {
        SourcePosition position = _source.Position;
        if (_source.IsAtEnd)
        {
            throw new ScriptSyntaxException(position, "a command must follow the '|'.", isIncomplete: true);
        }

        RefuseAtCommand();
        string name = ScanWord();
        RefuseCommandName(name, position);
        List<CommandElement> elements = [];
        while (SkipToElement())
        {
            elements.Add(ParseElement());
        }

        return new CommandSyntax(name, elements, position);
    }

    private CommandElement ParseElement()
    {
        SourcePosition position = _source.Position;
        if (_source.Peek() != '-' || !(char.IsAsciiLetter(_source.Peek(1)) || _source.Peek(1) is '_' or '?'))
        {
            return new CommandElement(ParameterName: null, HasValue: true, ParseValueList(), position);
        }

        _source.Skip(1);
        int start = _source.Index;
        while (char.IsAsciiLetterOrDigit(_source.Peek()) || _source.Peek() is '_' or '-' or '?')
        {
            _source.Skip(1);
        }

        string name = _source.Slice(start);
        if (_source.Peek() == ':')
        {
            _source.Skip(1);
            return SkipToElement()
                ? new CommandElement(name, HasValue: true, ParseValueList(), position)
                : throw new ScriptSyntaxException(_source.Position, $"an argument must follow '-{name}:'.");
        }

        return IsDelimiter(_source.Peek())
            ? new CommandElement(name, HasValue: false, Value: null, position)
            : throw Refuse($"the character '{_source.Peek()}' in the name of a parameter");
    }

    // A newline ends a statement unless the next line that holds anything starts with '|'.
    private bool TakePipe()
    {
        while (SkipBlank() || SkipComment() || _source.TakeLineEnd())
        {
        }

        if (_source.Peek() != '|')
        {
            return false;
        }

        if (_source.Peek(1) == '|')
        {
            throw Refuse("the operator '||'");
        }

        _source.Skip(1);
        while (SkipBlank() || SkipComment() || _source.TakeLineEnd())
        {
        }

        return true;
    }

    /// <summary>Skips blanks; returns whether another part of the command follows.</summary>
    private bool SkipToElement()
    {
        while (SkipBlank() || SkipBlockComment())
        {
        }

        return !_source.IsAtEnd && _source.Peek() is not ('\n' or '\r' or ';' or '|' or '#');
    }

    private void SkipBetweenStatements()
    {
        while (SkipBlank() || SkipComment() || _source.TakeLineEnd())
        {
        }

        if (_source.Peek() == ';')
        {
            _source.Skip(1);
            SkipBetweenStatements();
        }
    }

    /// <summary>Skips spaces, tabs and a backtick at the end of a line.</summary>
    private bool SkipBlank()
    {
        int start = _source.Index;
        while (true)
        {
            if (_source.Peek() is ' ' or '\t' or '\u00A0' or '\uFEFF')
            {
                _source.Skip(1);
            }
            else if (_source.Peek() == '`' && _source.Peek(1) is '\n' or '\r')
            {
                _source.Skip(1);
                _source.TakeLineEnd();
            }
            else
            {
                return _source.Index > start;
            }
        }
    }

    private bool SkipComment()
    {
        if (SkipBlockComment())
        {
            return true;
        }

        if (_source.Peek() != '#')
        {
            return false;
        }

        while (!_source.IsAtEnd && _source.Peek() is not ('\n' or '\r'))
        {
            _source.Skip(1);
        }

        return true;
    }

    private bool SkipBlockComment()
    {
        if (!_source.Sees("<#"))
        {
            return false;
        }

        SourcePosition start = _source.Position;
        while (!_source.Sees("#>"))
        {
            if (_source.IsAtEnd)
            {
                throw new ScriptSyntaxException(start, "the comment '<#' has no end '#>'.", isIncomplete: true);
            }

            _source.Skip(1);
        }

        _source.Skip(2);
        return true;
    }
}
