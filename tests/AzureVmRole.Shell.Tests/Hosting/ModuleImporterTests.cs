using System.Reflection;
using System.Reflection.Metadata;
using System.Reflection.Metadata.Ecma335;
using System.Reflection.PortableExecutable;
using System.Text.Json;
using AzureVmRole.Shell.Commands;
using AzureVmRole.Shell.Hosting;
using AzureVmRole.Shell.Output;
using AzureVmRole.TestKit;
using Xunit;

namespace AzureVmRole.Shell.Tests.Hosting;

/// <summary>The shipped module, as it is laid out in bin/, runs in the shell.</summary>
public sealed class ModuleImporterTests
{
    private const string Automation = "System.Management.Automation";

    private static string Folder => ModuleFolder.Find(AppContext.BaseDirectory)
        ?? throw new DirectoryNotFoundException("No folder above the tests holds the module in bin.");

    [Fact]
    public void Import_ShippedCmdlets_EveryMemberTheyUseIsThere()
    {
        Assembly cmdlets = Imported().Commands.Find("Get-BaseVhd").ImplementingType.Assembly;
        using PEReader image = new(File.OpenRead(cmdlets.Location));
        MetadataReader metadata = image.GetMetadataReader();

        string[] missing =
        [
            .. metadata.MemberReferences
                .Where(handle => IsOfAutomation(metadata, metadata.GetMemberReference(handle).Parent))
                .Where(handle => !Resolves(() => cmdlets.ManifestModule.ResolveMember(MetadataTokens.GetToken(handle))))
                .Select(handle => metadata.GetString(metadata.GetMemberReference(handle).Name)),
            .. metadata.TypeReferences
                .Where(handle => IsOfAutomation(metadata, handle))
                .Where(handle => !Resolves(() => cmdlets.ManifestModule.ResolveType(MetadataTokens.GetToken(handle))))
                .Select(handle => metadata.GetString(metadata.GetTypeReference(handle).Name)),
        ];
        Assert.Empty(missing);
    }

    [Fact]
    public void Import_ShippedCmdlets_CanAllBeDescribed()
    {
        CommandTable commands = Imported().Commands;

        Assert.All(
            commands.Commands.Where(command => command.Source == "AzureVmRole"),
            command => Assert.NotEmpty(CommandSyntaxText.Lines(commands.Describe(command))));
    }

    [Fact]
    public void Run_MakeADiskAndShowIt_WritesItsProperties()
    {
        using TemporaryFolder folder = new();
        TestTerminal terminal = new();
        ShellSession session = Imported(terminal, folder.Path);

        session.Run("New-BaseVhd -Path a.vhd -SizeBytes 32MB | Out-Null");
        session.Run("Get-BaseVhd *.vhd");

        Assert.Empty(terminal.Error);
        JsonElement disk = JsonDocument.Parse(terminal.Output["[]\n".Length..]).RootElement[0];
        Assert.Equal(folder.File("a.vhd"), disk.GetProperty("Path").GetString());
        Assert.Equal(32 << 20, disk.GetProperty("Size").GetInt64());
        Assert.Equal("Fixed", disk.GetProperty("VhdType").GetString());
    }

    [Fact]
    public void Run_PublishFindAndRemove_ObjectsNameTheirBlobs()
    {
        using TemporaryFolder folder = new();
        TestTerminal terminal = new();
        ShellSession session = Imported(terminal, folder.Path);

        Environment.SetEnvironmentVariable("AZUREVMROLE_HOME", folder.Path);
        session.Run("New-BaseVhd -Path a.vhdx -SizeBytes 32MB -Dynamic | Publish-BaseVhd -Destination vhds/ -DataDisk -StorePath store | Out-Null");
        session.Run("Get-VhdBlob -StorePath store | Copy-BaseVhd -Destination old/ -StorePath store | Get-VhdBlob | Remove-VhdBlob -Confirm:$false");
        session.Run("Get-OrphanVhd -StorePath store -MinimumAge 0 -OrphanOnly | Remove-OrphanVhd -MinimumAge 0 -StorePath store -MaximumPercent 100 -Confirm:$false");

        Assert.Empty(terminal.Error);
        JsonElement removed = JsonDocument.Parse(terminal.Output["[]\n[]\n".Length..]).RootElement[0];
        Assert.Equal("vhds/a.vhd", removed.GetProperty("Name").GetString());
        Assert.True(removed.GetProperty("Removed").GetBoolean());
    }

    [Fact]
    public void Run_MissingFile_IsTheModulesError()
    {
        TestTerminal terminal = new();
        ShellSession session = Imported(terminal);

        session.Run("Get-BaseVhd -Path nowhere.vhd");

        Assert.Contains(
            "\"ErrorId\":\"FileNotFound,AzureVmRole.PowerShell.Commands.GetBaseVhdCommand\"", terminal.Error, StringComparison.Ordinal);
        Assert.Equal(1, session.ExitCode);
    }

    [Fact]
    public void Run_AsJob_SaysThatThisShellHasNoJobs()
    {
        using TemporaryFolder folder = new();
        TestTerminal terminal = new();
        ShellSession session = Imported(terminal, folder.Path);

        session.Run("New-BaseVhd -Path a.vhd -SizeBytes 32MB | Test-VMImage -AsJob");

        Assert.Contains("This shell has no jobs, so -AsJob cannot be used", terminal.Error, StringComparison.Ordinal);
        Assert.Equal(1, session.ExitCode);
    }

    [Fact]
    public void Run_OtherProvider_IsRefusedByTheModule()
    {
        TestTerminal terminal = new();

        Imported(terminal).Run("Get-BaseVhd -LiteralPath Env:PATH");

        Assert.Contains("\"ErrorId\":\"PathNotFileSystem,", terminal.Error, StringComparison.Ordinal);
    }

    private static ShellSession Imported(TestTerminal? terminal = null, string? location = null)
    {
        ShellSession session = ShellRun.Session(terminal ?? new TestTerminal(), OutputFormat.Json, location);
        new ModuleImporter(Folder).Import(session.Commands);
        return session;
    }

    private static bool IsOfAutomation(MetadataReader metadata, EntityHandle parent)
    {
        if (parent.Kind != HandleKind.TypeReference)
        {
            return false;
        }

        EntityHandle scope = metadata.GetTypeReference((TypeReferenceHandle)parent).ResolutionScope;
        return scope.Kind == HandleKind.TypeReference
            ? IsOfAutomation(metadata, scope)
            : scope.Kind == HandleKind.AssemblyReference
                && metadata.GetString(metadata.GetAssemblyReference((AssemblyReferenceHandle)scope).Name) == Automation;
    }

    private static bool Resolves(Func<MemberInfo?> resolve)
    {
        try
        {
            return resolve() is not null;
        }
        catch (Exception error) when (error is MissingMemberException or TypeLoadException or ArgumentException)
        {
            return false;
        }
    }
}
