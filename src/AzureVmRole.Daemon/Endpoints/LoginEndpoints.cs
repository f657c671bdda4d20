using System.Net;
using System.Text.Json.Nodes;
using AzureVmRole.Daemon.Arm;
using AzureVmRole.Daemon.Http;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.Features;
using Microsoft.Extensions.Primitives;

namespace AzureVmRole.Daemon.Endpoints;

/// <summary>
/// What clients need that sign in before they ask (az login --service-principal, OAuth 2.0 client credentials as ADFS has them): the client secret is the
/// fabric's token, and so is the access token. These paths tell nothing but addresses, and are the only ones that are answered without the token.
/// </summary>
/// <param name="guard">Knows the token.</param>
internal sealed class LoginEndpoints(RequestGuard guard)
{
    private const string Discovery = "adfs/.well-known/openid-configuration";

    // az resolves the name of a tenant (az login --tenant adfs) below the authority, which is /adfs already.
    private const string TenantDiscovery = "adfs/adfs/.well-known/openid-configuration";
    private const string TokenPath = "adfs/oauth2/token";
    private const string Metadata = "metadata/endpoints";
    private const int LongestForm = 16 << 10;
    private const int LifetimeInSeconds = 24 * 60 * 60;

    /// <summary>Whether a request needs no token; the path counts as it was sent.</summary>
    public static bool IsOpen(HttpContext context)
    {
        string path = context.Features.GetRequiredFeature<IHttpRequestFeature>().RawTarget.Split('?', 2)[0].Trim('/');
        return context.Request.Method == "POST" ? Is(path, TokenPath) : context.Request.Method == "GET" && (Is(path, Discovery) || Is(path, TenantDiscovery) || Is(path, Metadata));
    }

    /// <summary>Adds the routes.</summary>
    public void Map(RouteTable routes)
    {
        MapOpen(routes, Discovery, request => Describe(request.BaseAddress));
        MapOpen(routes, TenantDiscovery, request => Describe(request.BaseAddress));
        MapOpen(routes, Metadata, Cloud);
        routes.Map("POST", TokenPath, GiveTokenAsync);
    }

    private void MapOpen(RouteTable routes, string path, Func<ArmRequest, JsonNode> describe) => routes.Map("GET", path, request =>
    {
        guard.CheckOpen();
        return ArmAnswer.Ok(describe(request));
    });

    private async Task<ArmAnswer> GiveTokenAsync(ArmRequest request)
    {
        if (request.Http.Request is not { ContentLength: > 0 and <= LongestForm, HasFormContentType: true } sent)
        {
            return Refuse(HttpStatusCode.BadRequest, "invalid_request", $"Expected a form of 1 to {LongestForm} bytes with client_id and client_secret.");
        }

        IFormCollection form;
        try
        {
            form = await sent.ReadFormAsync(request.Http.RequestAborted).ConfigureAwait(false);
        }
        catch (InvalidDataException)
        {
            return Refuse(HttpStatusCode.BadRequest, "invalid_request", "The form cannot be read.");
        }

        if (form["grant_type"] is not [{ } grant] || grant != "client_credentials")
        {
            return Refuse(HttpStatusCode.BadRequest, "unsupported_grant_type", "Expected grant_type=client_credentials: sign in as a service principal.");
        }

        StringValues secret = form["client_secret"];
        if (secret is not [{ Length: > 0 } text] || !guard.IsSecret(text))
        {
            return Refuse(HttpStatusCode.Unauthorized, "invalid_client", "The client secret is not this fabric's token. It is in the file 'fabric/token' of the fabric's home folder.");
        }

        return ArmAnswer.Ok(new JsonObject { ["token_type"] = "Bearer", ["expires_in"] = LifetimeInSeconds, ["access_token"] = text });
    }

    private static ArmAnswer Refuse(HttpStatusCode status, string error, string text) =>
        ArmAnswer.Document(status, new JsonObject { ["error"] = error, ["error_description"] = text });

    private static JsonObject Describe(string address) => new()
    {
        ["issuer"] = $"{address}/adfs",
        ["authorization_endpoint"] = $"{address}/adfs/oauth2/authorize",
        ["token_endpoint"] = $"{address}/{TokenPath}",
        ["jwks_uri"] = $"{address}/adfs/discovery/keys",
        ["grant_types_supported"] = new JsonArray("client_credentials"),
        ["token_endpoint_auth_methods_supported"] = new JsonArray("client_secret_post"),
        ["response_types_supported"] = new JsonArray("token"),
        ["subject_types_supported"] = new JsonArray("public"),
        ["id_token_signing_alg_values_supported"] = new JsonArray("RS256"),
        ["scopes_supported"] = new JsonArray("openid"),
    };

    /// <summary>The addresses of this cloud. Versions of 2018 and 2019 have a list of clouds, those before and after one.</summary>
    private static JsonNode Cloud(ArmRequest request)
    {
        string address = request.BaseAddress;
        var cloud = new JsonObject
        {
            ["name"] = "AzureVmRole",
            ["resourceManager"] = $"{address}/",
            ["authentication"] = new JsonObject
            {
                ["loginEndpoint"] = $"{address}/adfs", ["audiences"] = new JsonArray(address), ["tenant"] = "adfs", ["identityProvider"] = "ADFS",
            },
            ["galleryEndpoint"] = "",
            ["graphEndpoint"] = "",
            ["portalEndpoint"] = "",
            ["portal"] = "",
            ["media"] = "",
            ["gallery"] = "",
            ["graph"] = "",
            ["graphAudience"] = "",
            ["batch"] = "",
            ["suffixes"] = new JsonObject(),
        };
        return request.ApiVersion.StartsWith("2018", StringComparison.Ordinal) || request.ApiVersion.StartsWith("2019", StringComparison.Ordinal) ? new JsonArray(cloud) : cloud;
    }

    private static bool Is(string path, string known) => path.Equals(known, StringComparison.OrdinalIgnoreCase);
}
