using System.Management.Automation;
using System.Net;
using System.Security;

namespace AzureVmRole.PowerShell.Runtime;

/// <summary>Takes a SecureString where a secret is a text: as a text it would be the name of its type.</summary>
internal sealed class SecretTextAttribute : ArgumentTransformationAttribute
{
    /// <inheritdoc/>
    public override object? Transform(EngineIntrinsics engineIntrinsics, object? inputData) =>
        (inputData is PSObject wrapped ? wrapped.BaseObject : inputData) is SecureString secret ? new NetworkCredential("", secret).Password : inputData;
}
