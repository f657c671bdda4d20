using System.Net;
using System.Net.Http.Headers;
using System.Text.Json.Nodes;
using Xunit;

namespace AzureVmRole.Daemon.Tests.Endpoints;

/// <summary>Clients that sign in before they ask: addresses without the token, an access token for the right secret only.</summary>
public sealed class LoginTests
{
    private static CancellationToken Stop => TestContext.Current.CancellationToken;

    [Fact(Timeout = 60_000)]
    public async Task SignIn_AsServicePrincipal_GivesATokenThatWorks()
    {
        await using RunningDaemon daemon = await RunningDaemon.StartAsync(Stop);
        using HttpClient client = daemon.NewClient();
        JsonNode cloud = JsonNode.Parse(await client.GetStringAsync("/metadata/endpoints?api-version=2022-09-01", Stop))!;
        string authority = cloud["authentication"]!["loginEndpoint"]!.ToString();
        JsonNode discovery = JsonNode.Parse(await client.GetStringAsync($"{authority}/.well-known/openid-configuration", Stop))!;
        using HttpResponseMessage given = await AskAsync(client, discovery["token_endpoint"]!.ToString(), daemon.Token);
        JsonNode answer = JsonNode.Parse(await given.Content.ReadAsStringAsync(Stop))!;
        Assert.Equal((HttpStatusCode.OK, "Bearer"), (given.StatusCode, answer["token_type"]!.ToString()));

        client.DefaultRequestHeaders.Authorization = new AuthenticationHeaderValue("Bearer", answer["access_token"]!.ToString());
        using HttpResponseMessage subscriptions = await client.GetAsync(new Uri("/subscriptions?api-version=1", UriKind.Relative), Stop);
        Assert.Equal(HttpStatusCode.OK, subscriptions.StatusCode);
        Assert.DoesNotContain(daemon.Token, await File.ReadAllTextAsync(daemon.FileOf("audit.log"), Stop) + await File.ReadAllTextAsync(daemon.FileOf("daemon.log"), Stop), StringComparison.Ordinal);
    }

    [Theory(Timeout = 60_000)]
    [InlineData("grant_type=client_credentials&client_id=x&client_secret=wrong", HttpStatusCode.Unauthorized, "invalid_client")]
    [InlineData("grant_type=client_credentials&client_id=x", HttpStatusCode.Unauthorized, "invalid_client")]
    [InlineData("grant_type=password&username=x&password=y", HttpStatusCode.BadRequest, "unsupported_grant_type")]
    [InlineData("", HttpStatusCode.BadRequest, "invalid_request")]
    public async Task SignIn_Otherwise_IsRefused(string form, HttpStatusCode status, string error)
    {
        await using RunningDaemon daemon = await RunningDaemon.StartAsync(Stop);
        using HttpClient client = daemon.NewClient();
        using var content = new StringContent(form, new MediaTypeHeaderValue("application/x-www-form-urlencoded"));
        using HttpResponseMessage answer = await client.PostAsync(new Uri("/adfs/oauth2/token", UriKind.Relative), content, Stop);
        Assert.Equal((status, error), (answer.StatusCode, JsonNode.Parse(await answer.Content.ReadAsStringAsync(Stop))!["error"]!.ToString()));
    }

    [Fact(Timeout = 60_000)]
    public async Task SignIn_TooLargeOrGuessed_IsBounded()
    {
        await using RunningDaemon daemon = await RunningDaemon.StartAsync(Stop, options => options with { RefusalsPerSecond = 1 });
        using HttpClient client = daemon.NewClient();
        using HttpResponseMessage large = await AskAsync(client, "/adfs/oauth2/token", new string('x', 20_000));
        Assert.Equal(HttpStatusCode.BadRequest, large.StatusCode);
        var statuses = new List<HttpStatusCode>();
        for (int count = 0; count < 20; count++)
        {
            using HttpResponseMessage guess = await AskAsync(client, "/adfs/oauth2/token", $"guess{count}");
            statuses.Add(guess.StatusCode);
        }

        Assert.Contains(HttpStatusCode.TooManyRequests, statuses);
        Assert.DoesNotContain(HttpStatusCode.OK, statuses);
    }

    [Theory(Timeout = 60_000)]
    [InlineData("GET", "/adfs/oauth2/token")]
    [InlineData("POST", "/metadata/endpoints")]
    [InlineData("GET", "/adfs/.well-known/openid-configuration/../../../subscriptions")]
    [InlineData("GET", "/metadata/endpoints/x")]
    [InlineData("GET", "/subscriptions?/metadata/endpoints")]
    public async Task Send_NextToOpenPathsWithoutToken_IsNotAuthenticated(string method, string path)
    {
        await using RunningDaemon daemon = await RunningDaemon.StartAsync(Stop);
        using HttpClient client = daemon.NewClient();
        using var request = new HttpRequestMessage(new HttpMethod(method), path);
        using HttpResponseMessage answer = await client.SendAsync(request, Stop);
        Assert.Equal(HttpStatusCode.Unauthorized, answer.StatusCode);
    }

    private static async Task<HttpResponseMessage> AskAsync(HttpClient client, string address, string secret)
    {
        using var form = new FormUrlEncodedContent(new Dictionary<string, string>(StringComparer.Ordinal)
        {
            ["grant_type"] = "client_credentials", ["client_id"] = "me", ["client_secret"] = secret, ["scope"] = "https://localhost/.default",
        });
        return await client.PostAsync(address, form, Stop);
    }
}
