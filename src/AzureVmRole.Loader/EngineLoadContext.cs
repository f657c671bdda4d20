using System.Reflection;
using System.Runtime.InteropServices;
using System.Runtime.Loader;

namespace AzureVmRole.Loader;

/// <summary>
/// Holds the engine and everything only the engine needs, so that another module's version of the same package can be in the
/// process. What its folder lacks (the model, the framework) comes from the default context.
/// </summary>
internal sealed class EngineLoadContext(string folder) : AssemblyLoadContext("AzureVmRole.Engine")
{
    /// <summary>The folder name that packages use for this platform's natives; distributions' own identifiers are not used by them.</summary>
    private static string Platform
    {
        get
        {
            string system = OperatingSystem.IsWindows() ? "win" : OperatingSystem.IsMacOS() ? "osx"
                : RuntimeInformation.RuntimeIdentifier.Contains("musl", StringComparison.Ordinal)
                    || RuntimeInformation.RuntimeIdentifier.StartsWith("alpine", StringComparison.Ordinal) ? "linux-musl" : "linux";
            return $"{system}-{RuntimeInformation.ProcessArchitecture.ToString().ToLowerInvariant()}";
        }
    }

    /// <inheritdoc/>
    protected override Assembly? Load(AssemblyName assemblyName)
    {
        string path = Path.Combine(folder, assemblyName.Name + ".dll");
        return File.Exists(path) ? LoadFromAssemblyPath(path) : null;
    }

    /// <inheritdoc/>
    protected override nint LoadUnmanagedDll(string unmanagedDllName)
    {
        (string prefix, string extension) = OperatingSystem.IsWindows() ? ("", ".dll")
            : OperatingSystem.IsMacOS() ? ("lib", ".dylib") : ("lib", ".so");
        string file = unmanagedDllName.EndsWith(extension, StringComparison.Ordinal)
            ? unmanagedDllName
            : prefix + unmanagedDllName + extension;
        string path = Path.Combine(folder, "runtimes", Platform, "native", file);
        return File.Exists(path) ? LoadUnmanagedDllFromPath(path) : 0;
    }
}
