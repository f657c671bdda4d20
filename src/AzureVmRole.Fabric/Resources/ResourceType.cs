namespace AzureVmRole.Fabric.Resources;

/// <summary>A kind of resource: a provider's namespace and a name in it.</summary>
/// <param name="Namespace">For example <c>Microsoft.Compute</c>.</param>
/// <param name="Name">For example <c>virtualMachines</c>, in the spelling that Azure uses.</param>
public sealed record ResourceType(string Namespace, string Name)
{
    public static readonly ResourceType ResourceGroups = new("Microsoft.Resources", "resourceGroups");
    public static readonly ResourceType Images = new("Microsoft.Compute", "images");
    public static readonly ResourceType Disks = new("Microsoft.Compute", "disks");
    public static readonly ResourceType Snapshots = new("Microsoft.Compute", "snapshots");
    public static readonly ResourceType VirtualMachines = new("Microsoft.Compute", "virtualMachines");

    /// <summary>Every type that the fabric has.</summary>
    public static IReadOnlyList<ResourceType> All { get; } = [ResourceGroups, Images, Disks, Snapshots, VirtualMachines];

    /// <summary>The type as resources carry it: <c>Microsoft.Compute/virtualMachines</c>.</summary>
    public string FullName => $"{Namespace}/{Name}";

    /// <summary>The type of that name, in any case of letters; null when the fabric does not have it.</summary>
    public static ResourceType? Find(string @namespace, string name) => All.FirstOrDefault(type =>
        type.Namespace.Equals(@namespace, StringComparison.OrdinalIgnoreCase) && type.Name.Equals(name, StringComparison.OrdinalIgnoreCase));

    /// <inheritdoc/>
    public override string ToString() => FullName;
}
