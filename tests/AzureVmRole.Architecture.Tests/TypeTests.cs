using System.Reflection;
using System.Reflection.Metadata;
using Xunit;

namespace AzureVmRole.Architecture.Tests;

public sealed class TypeTests
{
    public static TheoryData<string> Projects => [.. BuiltAssembly.Projects];

    [Theory]
    [MemberData(nameof(Projects))]
    public void Classes_AreSealedUnlessDerivedFrom(string project)
    {
        using var assembly = new BuiltAssembly(project);
        MetadataReader metadata = assembly.Metadata;
        TypeDefinition[] types = [.. metadata.TypeDefinitions.Select(metadata.GetTypeDefinition)];
        HashSet<EntityHandle> bases = [.. types.Select(type => type.BaseType).Select(handle => GenericDefinitionOf(metadata, handle))];

        string[] open =
        [
            .. metadata.TypeDefinitions
                .Where(handle => IsOpenClass(metadata.GetTypeDefinition(handle)) && !bases.Contains(handle))
                .Where(handle => !HoldsTopLevelStatements(metadata, handle))
                .Select(handle => metadata.GetString(metadata.GetTypeDefinition(handle).Name))
                .Where(name => !name.Contains('<', StringComparison.Ordinal)),
        ];
        Assert.Empty(open);
    }

    private static bool IsOpenClass(TypeDefinition type) =>
        !type.Attributes.HasFlag(TypeAttributes.Sealed)
        && !type.Attributes.HasFlag(TypeAttributes.Abstract)
        && !type.Attributes.HasFlag(TypeAttributes.Interface);

    private static bool HoldsTopLevelStatements(MetadataReader metadata, TypeDefinitionHandle type) =>
        metadata.GetTypeDefinition(type).GetMethods()
            .Any(method => metadata.StringComparer.Equals(metadata.GetMethodDefinition(method).Name, "<Main>$"));

    private static EntityHandle GenericDefinitionOf(MetadataReader metadata, EntityHandle handle)
    {
        if (handle.IsNil || handle.Kind != HandleKind.TypeSpecification)
        {
            return handle;
        }

        // ECMA-335, II.23.2.14: GENERICINST (0x15), CLASS (0x12), TypeDefOrRef.
        BlobReader signature = metadata.GetBlobReader(metadata.GetTypeSpecification((TypeSpecificationHandle)handle).Signature);
        signature.ReadByte();
        signature.ReadByte();
        return signature.ReadTypeHandle();
    }
}
