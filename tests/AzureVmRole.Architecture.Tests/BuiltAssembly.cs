using System.Reflection.Metadata;
using System.Reflection.PortableExecutable;

namespace AzureVmRole.Architecture.Tests;

/// <summary>A project of src/ and the dll that it was built to, read without loading it.</summary>
internal sealed class BuiltAssembly : IDisposable
{
    private readonly PEReader _image;

    public BuiltAssembly(string project)
    {
        // …/tests/<this project>/bin/<configuration>/<framework>/
        DirectoryInfo output = new(AppContext.BaseDirectory);
        string configuration = output.Parent!.Name;
        string folder = Path.Combine(SourceFolder, project, "bin", configuration, output.Name);
        string file = Path.Combine(folder, project + ".dll");
        _image = new PEReader(File.OpenRead(File.Exists(file) ? file : Path.Combine(folder, AssemblyNameOf(project) + ".dll")));
        Metadata = _image.GetMetadataReader();
    }

    /// <summary>The folder src/ of the repository.</summary>
    public static string SourceFolder { get; } = FindSourceFolder();

    /// <summary>The names of all projects in src/.</summary>
    public static string[] Projects =>
        [.. Directory.EnumerateFiles(SourceFolder, "*.csproj", SearchOption.AllDirectories)
            .Select(file => Path.GetFileNameWithoutExtension(file))
            .Order(StringComparer.Ordinal)];

    public MetadataReader Metadata { get; }

    /// <summary>The simple names of the referenced assemblies.</summary>
    public string[] References => [.. Metadata.AssemblyReferences
        .Select(handle => Metadata.GetString(Metadata.GetAssemblyReference(handle).Name))];

    public void Dispose() => _image.Dispose();

    private static string AssemblyNameOf(string project)
    {
        string text = File.ReadAllText(Path.Combine(SourceFolder, project, project + ".csproj"));
        const string Start = "<AssemblyName>";
        int index = text.IndexOf(Start, StringComparison.Ordinal) + Start.Length;
        return text[index..text.IndexOf('<', index)];
    }

    private static string FindSourceFolder()
    {
        DirectoryInfo? folder = new(AppContext.BaseDirectory);
        while (folder is not null && !File.Exists(Path.Combine(folder.FullName, "src", "AzureVmRole.slnx")))
        {
            folder = folder.Parent;
        }

        return Path.Combine(
            folder?.FullName ?? throw new DirectoryNotFoundException("No folder above the tests holds src/AzureVmRole.slnx."),
            "src");
    }
}
