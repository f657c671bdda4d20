using System.Management.Automation;
using System.Reflection;
using System.Runtime.Loader;
using AzureVmRole.Shell.Commands;

namespace AzureVmRole.Shell.Hosting;

/// <summary>
/// Loads the shipped module as PowerShell does: first the loader, whose OnImport makes the engine resolvable, then the cmdlets.
/// </summary>
internal sealed class ModuleImporter
{
    private const string ModuleName = "AzureVmRole";

    private readonly string _folder;

    public ModuleImporter(string folder)
    {
        _folder = folder;
    }

    /// <summary>Loads the module into the default context and adds its cmdlets.</summary>
    public void Import(CommandTable commands)
    {
        AssemblyLoadContext.Default.Resolving += (context, name) =>
        {
            string path = Path.Combine(_folder, name.Name + ".dll");
            return File.Exists(path) ? context.LoadFromAssemblyPath(path) : null;
        };
        RunInitializers(Load("AzureVmRole.Loader.dll"));
        Assembly cmdlets = Load(ModuleFolder.CmdletFile);
        RunInitializers(cmdlets);
        AddCommands(commands, cmdlets, ModuleName);
        commands.HelpFile = Path.Combine(_folder, "en-US", ModuleFolder.CmdletFile + "-Help.xml");
    }

    /// <summary>Adds all cmdlets of an assembly.</summary>
    public static void AddCommands(CommandTable commands, Assembly assembly, string source)
    {
        Version? version = assembly.GetName().Version;
        Version? shown = version is null ? null : new Version(version.Major, version.Minor, version.Build);
        foreach (Type type in assembly.GetExportedTypes())
        {
            if (!type.IsAbstract && type.GetCustomAttribute<CmdletAttribute>(inherit: false) is { } cmdlet)
            {
                commands.Add(new CmdletInfo(cmdlet.VerbName + "-" + cmdlet.NounName, type, source, shown));
            }
        }
    }

    private Assembly Load(string file) =>
        AssemblyLoadContext.Default.LoadFromAssemblyPath(Path.Combine(_folder, file));

    private static void RunInitializers(Assembly assembly)
    {
        foreach (Type type in assembly.GetExportedTypes())
        {
            if (!type.IsAbstract && typeof(IModuleAssemblyInitializer).IsAssignableFrom(type))
            {
                (Activator.CreateInstance(type) as IModuleAssemblyInitializer)?.OnImport();
            }
        }
    }
}
