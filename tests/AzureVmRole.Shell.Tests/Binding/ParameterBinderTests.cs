using Xunit;

namespace AzureVmRole.Shell.Tests.Binding;

/// <summary>Which argument goes where; compared with pwsh 7.6 by running the same lines in both.</summary>
public sealed class ParameterBinderTests
{
    [Theory]
    [InlineData("Show-Types -Int 5 -ULong 10GB", "__AllParameterSets: Int=5; ULong=10737418240")]
    [InlineData("Show-Types -Int '10kb' -Text 10kb -Texts 10kb,b", "__AllParameterSets: Int=10240; Text='10kb'; Texts=['10240', 'b']")]
    [InlineData("Show-Types -Int -5 -Any -5 -Text -5", "__AllParameterSets: Any='-5'; Int=-5; Text='-5'")]
    [InlineData("Show-Types -Int 1.5 -Any 5", "__AllParameterSets: Any=5; Int=2")]
    [InlineData("Show-Types -Numbers 1,'2',3kb -Words a", "__AllParameterSets: Numbers=[1, 2, 3072]; Texts=['a']")]
    [InlineData("Show-Types -Colour gree -Texts @()", "__AllParameterSets: Colour=Green; Texts=[]")]
    [InlineData("Show-Types -Colour 1 -Flag 1", "__AllParameterSets: Colour=Green; Flag=True")]
    [InlineData("Show-Types -Switch -Flag $false", "__AllParameterSets: Flag=False; Switch=True")]
    [InlineData("Show-Types -Sw:$false -Text:a", "__AllParameterSets: Switch=False; Text='a'")]
    [InlineData("Show-Types -Switch:0 -Text $null", "__AllParameterSets: Switch=False; Text=null")]
    [InlineData("Show-Types -Span 1:2:3 -Uri http://a/b", "__AllParameterSets: Span=01:02:03; Uri=http://a/b")]
    [InlineData("Show-Types -Span 10 -File /x/y", "__AllParameterSets: File=/x/y; Span=00:00:00.0000010")]
    [InlineData("Show-Types -Guid 0fb5de40-32a7-4153-8bd9-8d9a62913d67", "__AllParameterSets: Guid=0fb5de40-32a7-4153-8bd9-8d9a62913d67")]
    [InlineData("show-types -TEXT X -ea SilentlyContinue", "__AllParameterSets: ErrorAction=SilentlyContinue; Text='X'")]
    [InlineData("Show-Path a", "Path: Path=['a']")]
    [InlineData("Show-Path a,b 5 c d", "Path: Path=['a', 'b']; Rest=['c', 'd']; Size=5")]
    [InlineData("Show-Path -Size 5 a", "Path: Path=['a']; Size=5")]
    [InlineData("Show-Path -LP a 5", "LiteralPath: LiteralPath=['a']; Size=5")]
    [InlineData("Show-Sets a", "Text: Text='a'")]
    [InlineData("Show-Sets 5", "Number: Number=5")]
    [InlineData("Show-Sets -More 1 -Number 2", "Number: More=1; Number=2")]
    [InlineData("Show-Valid -Doubled 4", "__AllParameterSets: Doubled=8")]
    public void Bind_CommandLine_GivesParametersTheirArguments(string line, string expected)
    {
        var run = ShellRun.Of(line);

        Assert.Empty(run.Error);
        Assert.Equal(expected, Assert.Single(run.Lines));
    }

    [Theory]
    [InlineData("Show-Types -Int abc", "Cannot bind parameter 'Int'. Cannot convert value \"abc\" to type \"System.Int32\". Error: \"The input string 'abc' was not in a correct format.\"")]
    [InlineData("Show-Types -Int 99999999999", "Value was either too large or too small for an Int32.")]
    [InlineData("Show-Types -Int 1,2", "Cannot convert 'System.Object[]' to the type 'System.Int32' required by parameter 'Int'. Specified method is not supported.")]
    [InlineData("Show-Types -Text a,b", "required by parameter 'Text'")]
    [InlineData("Show-Types -Int $null", "Cannot convert null to type \"System.Int32\"")]
    [InlineData("Show-Types -Colour g", "too similar or identical to the following enumerator names: Green, Grey")]
    [InlineData("Show-Types -Colour pink", "Specify one of the following enumerator names and try again: Red, Green, Grey")]
    [InlineData("Show-Types -Colour 7", "The possible enumeration values are \"Red,Green,Grey\".")]
    [InlineData("Show-Types -Flag x", "Cannot convert 'System.String' to the type 'System.Boolean' required by parameter 'Flag'.")]
    [InlineData("Show-Types -Switch x", "A positional parameter cannot be found that accepts argument 'x'.")]
    [InlineData("Show-Types -Nope 1", "A parameter cannot be found that matches parameter name 'Nope'.")]
    [InlineData("Show-Types -Te 1", "the parameter name 'Te' is ambiguous. Possible matches include: -Text -Texts.")]
    [InlineData("Show-Types -Text -Int 5", "Missing an argument for parameter 'Text'. Specify a parameter of type 'System.String' and try again.")]
    [InlineData("Show-Types -Int 1 -Int 2", "parameter 'Int' is specified more than once")]
    [InlineData("Show-Types -OutVariable x", "azvmrole has no variables and so no parameter 'OutVariable'.")]
    [InlineData("Show-Path", "Cannot process command because of one or more missing mandatory parameters: Path.")]
    [InlineData("Show-Path ''", "Cannot bind argument to parameter 'Path' because it is an empty string.")]
    [InlineData("Show-Path $null", "Cannot bind argument to parameter 'Path' because it is null.")]
    [InlineData("Show-Path @()", "Cannot bind argument to parameter 'Path' because it is an empty array.")]
    [InlineData("Show-Path -Path a -LP b", "Parameter set cannot be resolved")]
    [InlineData("Show-Sets -Common x", "Parameter set cannot be resolved")]
    [InlineData("Show-Sets -More 1", "missing mandatory parameters: Number.")]
    [InlineData("Show-Valid -Range 11", "The 11 argument is greater than the maximum allowed range of 10.")]
    [InlineData("Show-Valid -Range 0", "The 0 argument is less than the minimum allowed range of 1.")]
    [InlineData("Show-Valid -Set three", "does not belong to the set \"One,Two\" specified by the ValidateSet attribute.")]
    [InlineData("Show-Valid -Pattern b", "The argument \"b\" does not match the \"^a+$\" pattern.")]
    [InlineData("Show-Valid -Length a", "The character length (1) of the argument is too short.")]
    [InlineData("Show-Valid -Length abcd", "The character length of the 4 argument is too long.")]
    [InlineData("Show-Valid -Count a,b,c", "no more than 2 value(s) - 3 value(s) were provided.")]
    [InlineData("Show-Valid -Filled a,''", "an element of the argument collection contains a null value")]
    [InlineData("Show-Valid -Doubled 13", "Cannot process argument transformation on parameter 'Doubled'. 13 is unlucky.")]
    public void Bind_WrongArgument_SaysWhy(string line, string expected)
    {
        var run = ShellRun.Of(line);

        Assert.Empty(run.Output);
        Assert.Contains(expected, run.Error, StringComparison.Ordinal);
        Assert.Equal(1, run.ExitCode);
    }

    [Fact]
    public void Bind_ObjectWithProperty_BindsByAliasAndConverts()
    {
        var run = ShellRun.Of("Get-Widget 2 -WarningAction Ignore | Show-Path");

        Assert.Equal(["Path: Path=['w1']; Size=1000", "Path: Path=['w2']; Size=2000"], run.Lines);
    }

    [Fact]
    public void Bind_FileFromPipeline_BindsItsPSPath()
    {
        var run = ShellRun.Of("Get-ChildItem azvmrole.dll | Select-Object PSPath | Show-Path");

        Assert.StartsWith(@"LiteralPath: LiteralPath=['Microsoft.PowerShell.Core\FileSystem::", run.Output, StringComparison.Ordinal);
    }

    [Fact]
    public void Bind_ParameterOnCommandLine_IsNotTakenFromPipeline()
    {
        var run = ShellRun.Of("Get-Widget -WarningAction Ignore | Show-Path -Size 7");

        Assert.Equal("Path: Path=['w1']; Size=7", Assert.Single(run.Lines));
    }

    [Fact]
    public void Bind_PropertyMissingInSecondObject_TakesTheDefaultAgain()
    {
        var run = ShellRun.Of("Get-ChildItem azvmrole.dll,azvmrole.dll | Select-Object Name | Show-Path");

        Assert.Equal(2, run.Lines.Length);
        Assert.All(run.Lines, line => Assert.Equal("Path: Path=['azvmrole.dll']", line));
    }

    [Fact]
    public void Bind_InputThatNothingTakes_IsAnErrorPerObject()
    {
        var run = ShellRun.Of("Write-Output a b | Show-Sets -Text x");

        Assert.Equal(2, run.Error.Split("The input object cannot be bound").Length - 1);
        Assert.Equal(1, run.ExitCode);
    }
}
