using AzureVmRole.HelpBuilder.Metadata;
using AzureVmRole.HelpBuilder.Tests.Fixtures;
using Xunit;

namespace AzureVmRole.HelpBuilder.Tests.Metadata;

public sealed class CmdletAssemblyTests
{
    [Fact]
    public void ReadCmdlets_Fixture_DefaultSetComesFirst()
    {
        Assert.Equal("Measure-Thing", Fixture.Cmdlet.Name);
        Assert.Equal(["Path", "LiteralPath"], Fixture.Cmdlet.SetNames);
        Assert.True(Fixture.Cmdlet.SupportsShouldProcess);
        Assert.Equal(["System.IO.FileInfo", "System.Boolean"], Fixture.Cmdlet.OutputTypes);
    }

    [Fact]
    public void ReadCmdlets_Fixture_HasInheritedParametersAndNoPlainProperties()
    {
        string[] names = [.. Fixture.Cmdlet.Parameters.Select(parameter => parameter.Name).Order(StringComparer.Ordinal)];

        Assert.Equal(["Colour", "Grain", "LiteralPath", "PassThru", "Path", "SizeInBytes"], names);
    }

    [Fact]
    public void ReadCmdlets_Pipeline_IsRead()
    {
        ParameterSetEntry set = Parameter("Path").In("Path")!;

        Assert.Equal(0, set.Position);
        Assert.True(set is { IsMandatory: true, FromPipeline: true, FromPipelineByPropertyName: true });
        Assert.True(Parameter("Path").SupportsWildcards);
        Assert.Null(Parameter("Path").In("LiteralPath"));
        Assert.False(Parameter("LiteralPath").In("LiteralPath")!.FromPipeline);
    }

    [Fact]
    public void ReadCmdlets_Types_AreNamedAsInSyntax()
    {
        Assert.Equal("String[]", Parameter("Path").TypeName);
        Assert.Equal("Int64", Parameter("SizeInBytes").TypeName);
        Assert.True(Parameter("PassThru").IsSwitch);
    }

    [Fact]
    public void ReadCmdlets_ValuesAndAliases_AreRead()
    {
        Assert.Equal(["Red", "Blue"], Parameter("Colour").Values);
        Assert.Equal(["Fine", "Coarse"], Parameter("Grain").Values);
        Assert.Equal(["PSPath", "LP"], Parameter("LiteralPath").Aliases);
    }

    [Fact]
    public void ReadEnumNames_Unknown_Throws()
    {
        using CmdletAssembly assembly = new(Fixture.AssemblyPath, Fixture.References);

        Assert.Contains("Blue", assembly.ReadEnumNames(typeof(ThingColour).FullName!));
        Assert.Throws<ArgumentException>(() => assembly.ReadEnumNames("Nothing"));
    }

    private static ParameterEntry Parameter(string name) =>
        Fixture.Cmdlet.Parameters.Single(parameter => parameter.Name == name);
}
