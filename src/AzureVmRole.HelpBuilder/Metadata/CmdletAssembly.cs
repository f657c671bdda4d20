using System.Reflection;

namespace AzureVmRole.HelpBuilder.Metadata;

/// <summary>The compiled cmdlets, read without running any of their code.</summary>
internal sealed class CmdletAssembly : IDisposable
{
    private const string CmdletAttribute = "System.Management.Automation.CmdletAttribute";

    private readonly MetadataLoadContext _context;
    private readonly Assembly _assembly;

    /// <param name="path">The assembly that holds the cmdlets.</param>
    /// <param name="references">The assemblies it was compiled against, the framework's among them.</param>
    public CmdletAssembly(string path, IEnumerable<string> references)
    {
        _context = new MetadataLoadContext(new PathAssemblyResolver([path, .. references.Where(line => line.Length > 0)]));
        _assembly = _context.LoadFromAssemblyPath(path);
    }

    public IReadOnlyList<CmdletEntry> ReadCmdlets() =>
    [
        .. _assembly.GetTypes()
            .Where(type => type is { IsPublic: true, IsAbstract: false })
            .Select(type => (Type: type, Attribute: AttributeReader.Find(type.GetCustomAttributesData(), CmdletAttribute)))
            .Where(pair => pair.Attribute is not null)
            .Select(pair => CmdletReader.Read(pair.Type, pair.Attribute!))
            .OrderBy(cmdlet => cmdlet.Name, StringComparer.Ordinal),
    ];

    /// <summary>The names of an enum that the cmdlets' assembly or one of its references holds.</summary>
    /// <exception cref="ArgumentException">No reference holds it.</exception>
    public IReadOnlySet<string> ReadEnumNames(string typeName)
    {
        Type? type = _assembly.GetReferencedAssemblies()
            .Where(name => name.Name!.StartsWith("AzureVmRole.", StringComparison.Ordinal))
            .Select(_context.LoadFromAssemblyName)
            .Prepend(_assembly)
            .Select(assembly => assembly.GetType(typeName))
            .FirstOrDefault(found => found is not null);
        return type is { IsEnum: true }
            ? type.GetEnumNames().ToHashSet(StringComparer.Ordinal)
            : throw new ArgumentException($"No enum {typeName} among the references.", nameof(typeName));
    }

    public void Dispose() => _context.Dispose();
}
