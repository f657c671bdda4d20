using System.Collections;
using System.Management.Automation;

namespace AzureVmRole.PowerShell.Runtime;

/// <summary>
/// Lets a parameter that names a blob take objects that describe one: their address, not their text. An address says in which
/// store the blob is, so it comes before the name.
/// </summary>
internal sealed class BlobAddressAttribute : ArgumentTransformationAttribute
{
    private static readonly string[] PropertyNames = ["Uri", "Name"];

    /// <inheritdoc/>
    public override object? Transform(EngineIntrinsics engineIntrinsics, object? inputData) => Bare(inputData) switch
    {
        string text => text,
        IEnumerable items => items.Cast<object?>().Select(AddressOf).ToArray(),
        _ => AddressOf(inputData),
    };

    private static object? Bare(object? value) => value is PSObject wrapped ? wrapped.BaseObject : value;

    private static object? AddressOf(object? item) => Bare(item) switch
    {
        null => null,
        string text => text,
        Uri uri => TextOf(uri),
        _ => PropertyNames.Select(name => Bare(PSObject.AsPSObject(item).Properties[name]?.Value)).FirstOrDefault(value => value is not null) switch
        {
            Uri uri => TextOf(uri),
            string name => name,
            _ => item,
        },
    };

    private static string TextOf(Uri uri) => uri.IsAbsoluteUri ? uri.AbsoluteUri : uri.OriginalString;
}
