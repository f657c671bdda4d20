using System.Management.Automation;
using System.Reflection;
using System.Runtime.Loader;

namespace AzureVmRole.Loader;

/// <summary>
/// Lets the cmdlets find their engine. PowerShell runs this before it looks at the cmdlet assembly, because the manifest names
/// the loader first.
/// </summary>
public sealed class ModuleInitializer : IModuleAssemblyInitializer
{
    private const string EngineName = "AzureVmRole.Engine";

    private static readonly Lazy<EngineLoadContext> Engine = new(() => new EngineLoadContext(
        Path.Combine(Path.GetDirectoryName(typeof(ModuleInitializer).Assembly.Location)!, "engine")));

    private static int Subscribed;

    /// <summary>
    /// Subscribes the resolver once per process. It is never taken away: every runspace that imports the module runs this, and
    /// the others still need the resolver when one of them removes it.
    /// </summary>
    public void OnImport()
    {
        if (Interlocked.Exchange(ref Subscribed, 1) == 0)
        {
            AssemblyLoadContext.Default.Resolving += ResolveEngine;
        }
    }

    private static Assembly? ResolveEngine(AssemblyLoadContext context, AssemblyName name) =>
        string.Equals(name.Name, EngineName, StringComparison.Ordinal) ? Engine.Value.LoadFromAssemblyName(name) : null;
}
