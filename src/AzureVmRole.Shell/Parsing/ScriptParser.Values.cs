using System.Management.Automation;

namespace AzureVmRole.Shell.Parsing;

internal sealed partial class ScriptParser
{
    private const string ScriptRoot = "$PSScriptRoot";

    private object? ParseValueList()
    {
        object? first = ParseValue();
        List<object?>? list = null;
        while (TakeComma())
        {
            list ??= [first];
            list.Add(ParseValue());
        }

        // As in PowerShell, only a single number keeps the text it was typed as.
        return list is null ? first : list.ConvertAll(item => item is NumberLiteral number ? number.Value : item).ToArray();
    }

    private bool TakeComma()
    {
        int start = _source.Index;
        SkipBlank();
        if (_source.Peek() != ',')
        {
            _source.Return(start);
            return false;
        }

        _source.Skip(1);
        while (SkipBlank() || SkipComment() || _source.TakeLineEnd())
        {
        }

        if (_source.IsAtEnd)
        {
            throw new ScriptSyntaxException(_source.Position, "a value must follow the ','.", isIncomplete: true);
        }

        return true;
    }

    private object? ParseValue()
    {
        switch (_source.Peek())
        {
            case '\'':
                return AfterQuote(ScanSingleQuoted());
            case '"':
                return AfterQuote(ScanDoubleQuoted());
            case '$':
                return ParseVariable();
            case '@':
                return ParseArrayLiteral();
        }

        RefuseAtValue();
        string word = ScanWord();

        // As in PowerShell, an argument with a sign is text until a parameter wants a number.
        bool unsigned = char.IsAsciiDigit(word[0]) || word[0] == '.';
        return unsigned && NumberLiteral.TryParse(word, out NumberLiteral? number) ? number : word;
    }

    private string AfterQuote(string text) => IsDelimiter(_source.Peek())
        ? text
        : throw Refuse("text right behind a closing quote");

    private object? ParseVariable()
    {
        foreach ((string name, object? value) in Constants)
        {
            if (_source.Sees(name) && IsDelimiter(_source.Peek(name.Length)))
            {
                _source.Skip(name.Length);
                return value;
            }
        }

        return TakeScriptRoot() + (IsDelimiter(_source.Peek()) ? "" : ScanWord());
    }

    /// <summary>Reads <c>$PSScriptRoot</c>, alone or at the start of a path.</summary>
    private string TakeScriptRoot()
    {
        char next = _source.Peek(ScriptRoot.Length);
        if (!_source.Sees(ScriptRoot) || !(IsDelimiter(next) || next is '/' or '\\' or '"'))
        {
            throw RefuseVariable();
        }

        if (_scriptRoot is null)
        {
            throw Refuse($"{ScriptRoot} outside a script file, where it is empty,");
        }

        _source.Skip(ScriptRoot.Length);
        return _scriptRoot;
    }

    private object?[] ParseArrayLiteral()
    {
        if (_source.Peek(1) != '(')
        {
            throw RefuseAt();
        }

        _source.Skip(2);
        List<object?> items = [];
        SkipInsideArray();
        while (_source.Peek() != ')')
        {
            if (items.Count > 0 && !_source.IsAtEnd)
            {
                if (_source.Peek() != ',')
                {
                    throw Refuse("anything but quoted strings and numbers with commas between them in '@( )'");
                }

                _source.Skip(1);
                SkipInsideArray();
            }

            items.Add(ParseArrayItem());
            SkipInsideArray();
        }

        _source.Skip(1);
        return IsDelimiter(_source.Peek()) ? [.. items] : throw Refuse("text right behind '@( )'");
    }

    private object? ParseArrayItem()
    {
        if (_source.Peek() is '\'' or '"' or '$')
        {
            return ParseValue();
        }

        SourcePosition position = _source.Position;
        if (_source.IsAtEnd)
        {
            throw new ScriptSyntaxException(position, "the array '@(' has no end ')'.", isIncomplete: true);
        }

        int start = _source.Index;
        while (char.IsAsciiLetterOrDigit(_source.Peek()) || _source.Peek() is '-' or '.')
        {
            _source.Skip(1);
        }

        return NumberLiteral.TryParse(_source.Slice(start), out NumberLiteral? number)
            ? number.Value
            : throw new ScriptSyntaxException(position, NotRead("a command inside '@( )'"));
    }

    private void SkipInsideArray()
    {
        while (SkipBlank() || SkipComment() || _source.TakeLineEnd())
        {
        }
    }
}
