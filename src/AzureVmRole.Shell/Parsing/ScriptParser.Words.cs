using System.Globalization;
using System.Text;

namespace AzureVmRole.Shell.Parsing;

internal sealed partial class ScriptParser
{
    private string ScanWord()
    {
        StringBuilder word = new();
        while (!IsDelimiter(_source.Peek()))
        {
            char character = _source.Peek();
            if (character == '`')
            {
                word.Append(ScanEscape());
                continue;
            }

            RefuseInWord(character);
            word.Append(_source.Take());
        }

        return word.ToString();
    }

    private string ScanSingleQuoted()
    {
        SourcePosition start = _source.Position;
        _source.Skip(1);
        StringBuilder text = new();
        while (true)
        {
            if (_source.IsAtEnd)
            {
                throw new ScriptSyntaxException(start, "the string has no closing quote (').", isIncomplete: true);
            }

            char character = _source.Take();
            if (character is '\u2018' or '\u2019' or '\u201A' or '\u201B')
            {
                _source.Skip(-1);
                throw Refuse($"the typographic quote '{character}' inside a string in straight quotes");
            }

            if (character != '\'')
            {
                text.Append(character);
            }
            else if (_source.Peek() == '\'')
            {
                text.Append(_source.Take());
            }
            else
            {
                return text.ToString();
            }
        }
    }

    private string ScanDoubleQuoted()
    {
        SourcePosition start = _source.Position;
        _source.Skip(1);
        StringBuilder text = new(_source.Sees(ScriptRoot) ? TakeScriptRoot() : "");
        while (true)
        {
            if (_source.IsAtEnd)
            {
                throw new ScriptSyntaxException(start, "the string has no closing quote (\").", isIncomplete: true);
            }

            switch (_source.Peek())
            {
                case '"' when _source.Peek(1) == '"':
                    _source.Skip(2);
                    text.Append('"');
                    break;
                case '"':
                    _source.Skip(1);
                    return text.ToString();
                case '`':
                    text.Append(ScanEscape());
                    break;
                case '$':
                    throw RefuseVariable();
                case '\u201C' or '\u201D' or '\u201E':
                    throw Refuse($"the typographic quote '{_source.Peek()}' inside a string in straight quotes");
                default:
                    text.Append(_source.Take());
                    break;
            }
        }
    }

    // about_Special_Characters: a backtick before any other character stands for that character.
    private string ScanEscape()
    {
        _source.Skip(1);
        if (_source.IsAtEnd)
        {
            throw new ScriptSyntaxException(_source.Position, "a character must follow the '`'.", isIncomplete: true);
        }

        char character = _source.Take();
        return character switch
        {
            '0' => "\0",
            'a' => "\a",
            'b' => "\b",
            'e' => "\u001B",
            'f' => "\f",
            'n' => "\n",
            'r' => "\r",
            't' => "\t",
            'v' => "\v",
            'u' => ScanUnicodeEscape(),
            _ => character.ToString(),
        };
    }

    private string ScanUnicodeEscape()
    {
        SourcePosition position = _source.Position;
        int length = 0;
        while (char.IsAsciiHexDigit(_source.Peek(length + 1)))
        {
            length++;
        }

        if (_source.Peek() != '{' || length is 0 or > 6 || _source.Peek(length + 1) != '}')
        {
            throw new ScriptSyntaxException(position, "'`u' needs a code point in braces, such as '`u{20AC}'.");
        }

        _source.Skip(1);
        int start = _source.Index;
        _source.Skip(length);
        int codePoint = int.Parse(_source.Slice(start), NumberStyles.AllowHexSpecifier, CultureInfo.InvariantCulture);
        _source.Skip(1);
        return Rune.IsValid(codePoint)
            ? new Rune(codePoint).ToString()
            : throw new ScriptSyntaxException(position, "the code point of '`u{…}' is not a character.");
    }
}
