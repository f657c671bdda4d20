using System.Management.Automation;
using AzureVmRole.Shell.Parsing;
using Xunit;

namespace AzureVmRole.Shell.Tests.Parsing;

/// <summary>What is accepted, and what it means; all of it was compared with pwsh 7.6.</summary>
public sealed class ScriptParserTests
{
    private const string Root = "/scripts";

    [Theory]
    [InlineData("Get-It", "Get-It")]
    [InlineData("Get-It a 'b c' \"d e\"", "Get-It|'a'|'b c'|'d e'")]
    [InlineData("Get-It 'it''s' \"say \"\"hi\"\"\"", "Get-It|'it's'|'say \"hi\"'")]
    [InlineData("Get-It \"a`tb`$c\" d`,e", "Get-It|'a\tb$c'|'d,e'")]
    [InlineData("Get-It \"`u{20AC}\"", "Get-It|'\u20AC'")]
    [InlineData("Get-It -Path x -Force", "Get-It|-Path|'x'|-Force")]
    [InlineData("Get-It -Path:x -Force:$false -N: 3", "Get-It|-Path:'x'|-Force:False|-N:3")]
    [InlineData("Get-It $true $null", "Get-It|True|null")]
    [InlineData("Get-It 10GB 0x1F 1.5kb 5ul 0b11 .5", "Get-It|10737418240|31|1536|5|3|0.5")]
    [InlineData("Get-It -5 +5 1_000 5kbx 1..5", "Get-It|'-5'|'+5'|'1_000'|'5kbx'|'1..5'")]
    [InlineData("Get-It a,b , c", "Get-It|['a', 'b', 'c']")]
    [InlineData("Get-It a,\n  b", "Get-It|['a', 'b']")]
    [InlineData("Get-It @('a', 2,$true) @()", "Get-It|['a', 2, True]|[]")]
    [InlineData("Get-It [a]*.v?d a#b ~/x C:\\x a=b %y", "Get-It|'[a]*.v?d'|'a#b'|'~/x'|'C:\\x'|'a=b'|'%y'")]
    [InlineData("Get-It $PSScriptRoot/a \"$PSScriptRoot\\b c\" $PSScriptRoot", "Get-It|'/scripts/a'|'/scripts\\b c'|'/scripts'")]
    [InlineData("A x | B -Y # note", "A|'x'\nB|-Y")]
    [InlineData("A x |\n  B", "A|'x'\nB")]
    [InlineData("A x\n  # note\n  | B", "A|'x'\nB")]
    [InlineData("A x `\n  y", "A|'x'|'y'")]
    [InlineData("# only a note\n<# and\n another #>\n", "")]
    [InlineData("A <# in between #> x", "A|'x'")]
    [InlineData("A 'two\nlines'", "A|'two\nlines'")]
    public void Parse_InsideSubset_GivesCommands(string text, string expected) =>
        Assert.Equal(expected, Describe(ScriptParser.Parse(text, Root)));

    [Fact]
    public void Parse_SeveralStatements_SeparatesThem()
    {
        List<PipelineSyntax> pipelines = ScriptParser.Parse("A; B\r\nC | D\n\n;E", Root);

        Assert.Equal(["A", "B", "C | D", "E"], pipelines.Select(pipeline => pipeline.Text));
        Assert.Equal(new SourcePosition(2, 5), pipelines[2].Commands[1].Position);
    }

    [Theory]
    [InlineData("Get-It $x", 1, 8, "the variable '$x'")]
    [InlineData("Get-It\nGet-It a \"b $env:HOME\"", 2, 13, "the variable '$env:HOME'")]
    [InlineData("Get-It \"cost 5$\"", 1, 15, "a '$' that no backtick escapes")]
    [InlineData("Get-It \"$PSScriptRootX\"", 1, 9, "the variable '$PSScriptRootX'")]
    [InlineData("Get-It a$PSScriptRoot", 1, 9, "the variable '$PSScriptRoot'")]
    [InlineData("Get-It \"a $(1)\"", 1, 11, "a subexpression")]
    [InlineData("$x = 5", 1, 1, "an assignment")]
    [InlineData("Get-It (1)", 1, 8, "parentheses")]
    [InlineData("Get-It { 1 }", 1, 8, "a script block")]
    [InlineData("Get-It @{ a = 1 }", 1, 8, "a hash table")]
    [InlineData("Get-It @x", 1, 8, "splatting")]
    [InlineData("Get-It @'\nx\n'@", 1, 8, "a here-string")]
    [InlineData("Get-It @(Get-It)", 1, 10, "a command inside '@( )'")]
    [InlineData("Get-It > out.txt", 1, 8, "redirection")]
    [InlineData("Get-It 2>$null", 1, 9, "redirection")]
    [InlineData("A && B", 1, 3, "the operator '&&'")]
    [InlineData("A || B", 1, 3, "the operator '||'")]
    [InlineData("A &", 1, 3, "the background operator")]
    [InlineData("& A", 1, 1, "the call operator")]
    [InlineData(". ./a.ps1", 1, 1, "dot sourcing")]
    [InlineData("if ($true) { A }", 1, 1, "the keyword 'if'")]
    [InlineData("foreach", 1, 1, "the keyword 'foreach'")]
    [InlineData("'text' | A", 1, 1, "an expression that starts with a string")]
    [InlineData("5 | A", 1, 1, "an expression that starts with a number")]
    [InlineData("[int]5", 1, 1, "an expression that starts with a type")]
    [InlineData("A 'b'c", 1, 6, "text right behind a closing quote")]
    [InlineData("A b'c'", 1, 4, "a quote inside a word")]
    [InlineData("A \u2018b\u2019", 1, 3, "the typographic quote")]
    [InlineData("A \u2013Path b", 1, 3, "the typographic hyphen")]
    [InlineData("A -Path.x", 1, 8, "in the name of a parameter")]
    [InlineData("A -- b", 1, 3, "the parsing token")]
    [InlineData("A --% b", 1, 3, "the parsing token")]
    [InlineData("A ,b", 1, 3, "a value is missing")]
    [InlineData("A b)", 1, 4, "a ')' without '('")]
    [InlineData("| A", 1, 1, "without a command before it")]
    public void Parse_OutsideSubset_RefusesByNameAndPlace(string text, int line, int column, string construct)
    {
        ScriptSyntaxException error = Assert.Throws<ScriptSyntaxException>(() => ScriptParser.Parse(text, Root));

        Assert.Equal(new SourcePosition(line, column), error.Position);
        Assert.Contains(construct, error.Message, StringComparison.Ordinal);
        Assert.StartsWith($"Line {line}, column {column}: ", error.Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("A 'b")]
    [InlineData("A \"b")]
    [InlineData("A |")]
    [InlineData("A b,")]
    [InlineData("A @('b'")]
    [InlineData("<# note")]
    public void Parse_Unfinished_SaysSo(string text) =>
        Assert.True(Assert.Throws<ScriptSyntaxException>(() => ScriptParser.Parse(text, Root)).IsIncomplete);

    [Fact]
    public void Parse_ScriptRootOutsideFile_Refuses() =>
        Assert.Throws<ScriptSyntaxException>(() => ScriptParser.Parse("A $PSScriptRoot/x", scriptRoot: null));

    private static string Describe(List<PipelineSyntax> pipelines) => string.Join(
        "\n", pipelines.SelectMany(pipeline => pipeline.Commands).Select(Describe));

    private static string Describe(CommandSyntax command) => string.Join(
        '|', command.Elements.Select(Describe).Prepend(command.Name));

    private static string Describe(CommandElement element) => element switch
    {
        { ParameterName: { } name, HasValue: true } => $"-{name}:{Describe(element.Value)}",
        { ParameterName: { } name } => "-" + name,
        _ => Describe(element.Value),
    };

    private static string Describe(object? value) => value switch
    {
        null => "null",
        string text => $"'{text}'",
        object?[] items => $"[{string.Join(", ", items.Select(Describe))}]",
        NumberLiteral number => LanguagePrimitives.ConvertTo<string>(number.Value),
        _ => LanguagePrimitives.ConvertTo<string>(value),
    };
}
