using Azure.Core;
using Azure.Core.Pipeline;

namespace AzureVmRole.Engine.Compute.Http;

/// <summary>Gives each request the local fabric's token as it is now: the SDK keeps one for an hour, and a fabric that was started again may have another.</summary>
/// <param name="read">Gives the token.</param>
internal sealed class FreshTokenPolicy(Func<string> read) : HttpPipelineSynchronousPolicy
{
    public override void OnSendingRequest(HttpMessage message) => message.Request.Headers.SetValue(HttpHeader.Names.Authorization, "Bearer " + read());
}
