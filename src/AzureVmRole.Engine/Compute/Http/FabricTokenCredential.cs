using Azure.Core;

namespace AzureVmRole.Engine.Compute.Http;

/// <summary>A bearer token that is known already: the local fabric's, or one that the user has.</summary>
/// <param name="read">Gives the token.</param>
/// <param name="lifetime">How long a token is kept before it is read again.</param>
/// <param name="clock">The clock.</param>
internal sealed class FabricTokenCredential(Func<string> read, TimeSpan lifetime, TimeProvider clock) : TokenCredential
{
    public override AccessToken GetToken(TokenRequestContext requestContext, CancellationToken cancellationToken) =>
        new(read(), clock.GetUtcNow() + lifetime);

    public override ValueTask<AccessToken> GetTokenAsync(TokenRequestContext requestContext, CancellationToken cancellationToken) =>
        ValueTask.FromResult(GetToken(requestContext, cancellationToken));
}
