using System.Reflection;
using System.Runtime.Loader;

namespace AzureVmRole.Loader;

/// <summary>
/// Holds the engine and everything only the engine needs, so that another module's version of the same package can be in the
/// process. What its folder lacks (the model, the framework) comes from the default context.
/// </summary>
internal sealed class EngineLoadContext(string folder) : AssemblyLoadContext("AzureVmRole.Engine")
{
    /// <inheritdoc/>
    protected override Assembly? Load(AssemblyName assemblyName)
    {
        string path = Path.Combine(folder, assemblyName.Name + ".dll");
        return File.Exists(path) ? LoadFromAssemblyPath(path) : null;
    }
}
