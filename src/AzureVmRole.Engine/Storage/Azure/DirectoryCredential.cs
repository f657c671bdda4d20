using Azure.Core;
using Azure.Identity;

namespace AzureVmRole.Engine.Storage.Azure;

/// <summary>DefaultAzureCredential, made when the first token is needed: it loads much that most commands never use.</summary>
internal sealed class DirectoryCredential : TokenCredential
{
    private readonly Lazy<DefaultAzureCredential> _credential = new(static () => new DefaultAzureCredential());

    public override AccessToken GetToken(TokenRequestContext requestContext, CancellationToken cancellationToken) =>
        _credential.Value.GetToken(requestContext, cancellationToken);

    public override ValueTask<AccessToken> GetTokenAsync(TokenRequestContext requestContext, CancellationToken cancellationToken) =>
        _credential.Value.GetTokenAsync(requestContext, cancellationToken);
}
