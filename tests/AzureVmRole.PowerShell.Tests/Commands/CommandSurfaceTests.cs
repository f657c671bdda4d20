using System.Management.Automation;
using System.Reflection;
using AzureVmRole.PowerShell.Commands;
using AzureVmRole.PowerShell.Completion;
using AzureVmRole.PowerShell.Runtime;
using Xunit;

namespace AzureVmRole.PowerShell.Tests.Commands;

public sealed class CommandSurfaceTests
{
    private static readonly string[] BlobParameters = ["Name", "Source", "Destination", "BaseImageUri", "Container"];

    private static readonly string[] ResourceParameters = ["Name", "DiskName", "ImageName"];

    // PowerShell completes files of any kind without being told.
    private static readonly string[] TextFileParameters = ["PlanPath", "ReferencePath", "LogPath"];

    private static readonly string[] FolderParameters = ["StorePath", "HomePath"];

    private static readonly string[] ReadingVerbs = [VerbsCommon.Get, VerbsDiagnostic.Test];

    public static TheoryData<Type> Classes => CommandClass.All;

    public static TheoryData<Type> ClassesWithLiteralPath =>
        [.. CommandClass.Types().Where(type => type.GetProperty("LiteralPath") is not null)];

    [Theory]
    [MemberData(nameof(Classes))]
    public void Class_IsNamedAfterItsCmdletAndSealed(Type type)
    {
        Assert.Equal(new CommandClass(type).Name.Replace("-", "", StringComparison.Ordinal) + "Command", type.Name);
        Assert.True(type.IsSealed);
    }

    [Theory]
    [MemberData(nameof(Classes))]
    public void Verb_IsApproved(Type type)
    {
        IEnumerable<string> approved = typeof(VerbsCommon).Assembly.GetExportedTypes()
            .Where(candidate => candidate.Name.StartsWith("Verbs", StringComparison.Ordinal))
            .SelectMany(candidate => candidate.GetFields(BindingFlags.Public | BindingFlags.Static))
            .Select(field => (string)field.GetRawConstantValue()!);

        Assert.Contains(new CommandClass(type).Verb, approved, StringComparer.Ordinal);
    }

    [Theory]
    [MemberData(nameof(Classes))]
    public void ShouldProcess_ExactlyWhereSomethingIsWritten(Type type)
    {
        CommandClass command = new(type);

        Assert.Equal(!ReadingVerbs.Contains(command.Verb, StringComparer.Ordinal), command.SupportsShouldProcess);
    }

    [Theory]
    [MemberData(nameof(Classes))]
    public void OutputType_IsOfTheModel(Type type)
    {
        Type[] outputs = new CommandClass(type).Outputs;

        Assert.NotEmpty(outputs);
        Assert.All(outputs, output => Assert.True(output == typeof(bool) || output.Assembly == typeof(BaseVhd).Assembly || output == typeof(Job)));
        Assert.Equal(type.GetProperty("AsJob") is not null, outputs.Contains(typeof(Job)));
    }

    [Theory]
    [MemberData(nameof(Classes))]
    public void Parameters_TypesComeFromTheBclOrTheModel(Type type) => Assert.All(
        new CommandClass(type).Parameters,
        parameter => Assert.Contains(
            (Nullable.GetUnderlyingType(parameter.PropertyType) ?? parameter.PropertyType).Assembly,
            new[] { typeof(object).Assembly, typeof(BaseVhd).Assembly, typeof(SwitchParameter).Assembly }));

    [Theory]
    [MemberData(nameof(Classes))]
    public void Sets_PositionsDifferAndOneParameterTakesThePipeline(Type type) => Assert.All(
        new CommandClass(type).Sets,
        set =>
        {
            int[] positions = [.. set.Select(binding => binding.Position).Where(position => position >= 0)];
            Assert.Distinct(positions);
            Assert.InRange(set.Count(binding => binding.FromPipeline), 0, 1);
        });

    [Theory]
    [MemberData(nameof(Classes))]
    public void Sets_SeveralHaveADefault(Type type)
    {
        CommandClass command = new(type);
        string[] sets = [.. command.Sets.Select(set => set.Key)];

        Assert.True(sets.Length <= 1 || sets.Contains(command.DefaultSet, StringComparer.Ordinal));
    }

    [Theory]
    [MemberData(nameof(Classes))]
    public void PathParameters_CompleteFilesAndRefuseEmptyText(Type type) => Assert.All(
        new CommandClass(type).Parameters.Where(parameter => parameter.Name.EndsWith("Path", StringComparison.Ordinal)
            && !TextFileParameters.Contains(parameter.Name, StringComparer.Ordinal)),
        parameter =>
        {
            CustomAttributeData completer = CommandClass.Attribute(parameter, typeof(ArgumentCompleterAttribute)).Single();
            Type expected = FolderParameters.Contains(parameter.Name, StringComparer.Ordinal) ? typeof(FolderCompleter) : typeof(DiskFileCompleter);
            Assert.Equal([expected], CommandClass.Arguments(completer));
            Assert.Single(CommandClass.Attribute(parameter, typeof(ValidateNotNullOrEmptyAttribute)));
        });

    [Theory]
    [MemberData(nameof(Classes))]
    public void BlobParameters_CompleteBlobsAndRefuseEmptyText(Type type) => Assert.All(
        new CommandClass(type).Parameters.Where(parameter => parameter.Name == "MediaLocation"
            || (BlobParameters.Contains(parameter.Name, StringComparer.Ordinal) && !type.IsSubclassOf(typeof(FabricCommand)))),
        parameter =>
        {
            CustomAttributeData completer = CommandClass.Attribute(parameter, typeof(ArgumentCompleterAttribute)).Single();
            Assert.Equal([typeof(BlobCompleter)], CommandClass.Arguments(completer));
            Assert.Single(CommandClass.Attribute(parameter, typeof(ValidateNotNullOrEmptyAttribute)));
        });

    [Theory]
    [MemberData(nameof(Classes))]
    public void NamesOfWhatExists_CompleteAndRefuseEmptyText(Type type) => Assert.All(
        new CommandClass(type).Parameters.Where(parameter => type.IsSubclassOf(typeof(FabricCommand))
            && ResourceParameters.Contains(parameter.Name, StringComparer.Ordinal) && !IsNameOfNew(type, parameter)),
        parameter =>
        {
            CustomAttributeData completer = CommandClass.Attribute(parameter, typeof(ArgumentCompleterAttribute)).Single();
            Assert.True(((Type)CommandClass.Arguments(completer).Single()!).IsSubclassOf(typeof(FabricNameCompleter)));
            Assert.Single(CommandClass.Attribute(parameter, typeof(ValidateNotNullOrEmptyAttribute)));
        });

    [Theory]
    [MemberData(nameof(ClassesWithLiteralPath))]
    public void LiteralPath_TakesThePSPathOfObjects(Type type)
    {
        PropertyInfo literal = type.GetProperty("LiteralPath")!;

        Assert.Contains("PSPath", CommandClass.Attribute(literal, typeof(AliasAttribute)).SelectMany(CommandClass.Arguments));
        Assert.All(
            CommandClass.BindingsOf(literal),
            binding => Assert.True(binding.FromPipelineByName && binding.Mandatory && !binding.FromPipeline));
    }

    private static bool IsNameOfNew(Type type, PropertyInfo parameter) =>
        (type == typeof(NewVMInstanceCommand) && parameter.Name == "Name") || type == typeof(AddVMImageCommand) || type == typeof(AddVMDiskCommand)
        || (type == typeof(SaveVMImageCommand) && parameter.Name == "ImageName");

    [Theory]
    [MemberData(nameof(ClassesWithLiteralPath))]
    public void Path_TakesNamesAndObjectsFromThePipeline(Type type)
    {
        PropertyInfo path = type.GetProperty("Path")!;

        Assert.Single(CommandClass.Attribute(path, typeof(SupportsWildcardsAttribute)));
        Assert.All(
            CommandClass.BindingsOf(path),
            binding => Assert.True(binding.FromPipelineByName && binding.Mandatory && binding.FromPipeline && binding.Position == 0));
    }
}
