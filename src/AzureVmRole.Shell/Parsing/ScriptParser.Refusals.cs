using System.Management.Automation;

namespace AzureVmRole.Shell.Parsing;

internal sealed partial class ScriptParser
{
    private static readonly (string Name, object? Value)[] Constants =
        [("$true", true), ("$false", false), ("$null", null)];

    // about_Reserved_Words, without 'exit', which the shell has.
    private static readonly HashSet<string> Keywords = new(StringComparer.OrdinalIgnoreCase)
    {
        "assembly", "base", "begin", "break", "catch", "class", "clean", "command", "configuration", "continue", "data",
        "define", "do", "dynamicparam", "else", "elseif", "end", "enum", "filter", "finally", "for", "foreach", "from",
        "function", "hidden", "if", "in", "inlinescript", "interface", "module", "namespace", "parallel", "param",
        "private", "process", "public", "return", "sequence", "static", "switch", "throw", "trap", "try", "type",
        "until", "using", "var", "while", "workflow",
    };

    private static bool IsDelimiter(char character) =>
        character is SourceReader.End or ' ' or '\t' or '\n' or '\r' or '\u00A0' or ';' or '|' or ',' or ')';

    private static string NotRead(string construct) =>
        $"{construct} is not part of the PowerShell that azvmrole reads: pipelines of commands with literal arguments.";

    private ScriptSyntaxException Refuse(string construct) => new(_source.Position, NotRead(construct));

    private ScriptSyntaxException RefuseVariable()
    {
        switch (_source.Peek(1))
        {
            case '(':
                return Refuse("a subexpression '$( )'");
            case '{':
                return Refuse("a variable '${ }'");
        }

        int length = 1;
        while (char.IsAsciiLetterOrDigit(_source.Peek(length)) || _source.Peek(length) is '_' or ':')
        {
            length++;
        }

        int start = _source.Index;
        SourcePosition position = _source.Position;
        _source.Skip(length);
        string name = _source.Slice(start);
        string hint = name.Length == 1 ? "a '$' that no backtick escapes" : $"the variable '{name}'";
        return new ScriptSyntaxException(position, NotRead(hint));
    }

    private ScriptSyntaxException RefuseAt() => _source.Peek(1) switch
    {
        '{' => Refuse("a hash table '@{ }'"),
        '\'' or '"' => Refuse("a here-string"),
        _ => Refuse("splatting '@name'"),
    };

    private void RefuseAtCommand()
    {
        switch (_source.Peek())
        {
            case '$':
                throw Refuse("an assignment or an expression that starts with a variable");
            case '\'' or '"':
                throw Refuse("an expression that starts with a string");
            case '[':
                throw Refuse("an expression that starts with a type '[ ]'");
            case '&' when _source.Peek(1) == '&':
                throw Refuse("the operator '&&'");
            case '&':
                throw Refuse("the call operator '&'");
            case '.' when IsDelimiter(_source.Peek(1)) || _source.Peek(1) is '\'' or '"' or '(' or '{' or '$':
                throw Refuse("dot sourcing '. script'");
            case '|':
                throw Refuse("a '|' without a command before it");
            case '-' or '+' or '!' or ',' or '\u2013' or '\u2014' or '\u2015':
                throw Refuse($"an expression that starts with '{_source.Peek()}'");
        }

        RefuseAtValue();
    }

    private void RefuseAtValue()
    {
        switch (_source.Peek())
        {
            case '@':
                throw RefuseAt();
            case ',' or '|' or ';' or '\n' or '\r':
                throw new ScriptSyntaxException(_source.Position, "a value is missing here.");
            case '\u2013' or '\u2014' or '\u2015':
                throw Refuse($"the typographic hyphen '{_source.Peek()}'");
            case '-' when _source.Peek(1) == '-' && (IsDelimiter(_source.Peek(2)) || _source.Peek(2) == '%'):
                throw Refuse("the parsing token '--' or '--%'");
            default:
                RefuseInWord(_source.Peek());
                break;
        }
    }

    private void RefuseInWord(char character)
    {
        switch (character)
        {
            case '(':
                throw Refuse("an expression in parentheses '( )'");
            case ')':
                throw Refuse("a ')' without '('");
            case '{' or '}':
                throw Refuse("a script block '{ }'");
            case '&':
                throw Refuse(_source.Peek(1) == '&' ? "the operator '&&'" : "the background operator '&'");
            case '<' or '>':
                throw Refuse($"redirection with '{character}'");
            case '$':
                throw RefuseVariable();
            case '\'' or '"':
                throw Refuse("a quote inside a word");
            case >= '\u2018' and <= '\u201E':
                throw Refuse($"the typographic quote '{character}'");
        }
    }

    private static void RefuseCommandName(string name, SourcePosition position)
    {
        if (Keywords.Contains(name))
        {
            throw new ScriptSyntaxException(position, NotRead($"the keyword '{name}'"));
        }

        if (NumberLiteral.TryParse(name, out _))
        {
            throw new ScriptSyntaxException(position, NotRead("an expression that starts with a number"));
        }

        if (name.Contains('`', StringComparison.Ordinal) || name is "%" or "?" || name.Length == 0)
        {
            throw new ScriptSyntaxException(position, NotRead($"the command '{name}'"));
        }
    }
}
