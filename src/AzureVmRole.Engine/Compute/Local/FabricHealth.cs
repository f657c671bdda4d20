using System.Net.Http.Headers;
using AzureVmRole.Engine.Compute.Connecting;
using AzureVmRole.Engine.Compute.Http;

namespace AzureVmRole.Engine.Compute.Local;

/// <summary>What is asked of the local fabric's program itself, beside Azure's dialect.</summary>
internal static class FabricHealth
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(5);

    /// <summary>Whether the fabric answers, with its certificate and to its token.</summary>
    public static Task<bool> AnswersAsync(string home, FabricNote note, CancellationToken cancellationToken) =>
        AskAsync(home, note, HttpMethod.Get, "fabric/health", cancellationToken);

    /// <summary>Asks the fabric to stop.</summary>
    /// <returns>Whether it has taken the request.</returns>
    public static Task<bool> AskToStopAsync(string home, FabricNote note, CancellationToken cancellationToken) =>
        AskAsync(home, note, HttpMethod.Post, "fabric/stop", cancellationToken);

    private static async Task<bool> AskAsync(string home, FabricNote note, HttpMethod method, string path, CancellationToken cancellationToken)
    {
        using HttpClient http = FabricTransport.Create(note.Thumbprint);
        using var patience = new CancellationTokenSource(Patience, TimeProvider.System);
        using var either = CancellationTokenSource.CreateLinkedTokenSource(patience.Token, cancellationToken);
        try
        {
            using var request = new HttpRequestMessage(method, new Uri(note.Endpoint, path));
            string token = await File.ReadAllTextAsync(FabricNote.TokenPathIn(home), either.Token).ConfigureAwait(false);
            request.Headers.Authorization = new AuthenticationHeaderValue("Bearer", token.Trim());
            using HttpResponseMessage answer = await http.SendAsync(request, either.Token).ConfigureAwait(false);
            return answer.IsSuccessStatusCode;
        }
        catch (Exception failure) when (failure is HttpRequestException or IOException or UnauthorizedAccessException
            || (failure is OperationCanceledException && !cancellationToken.IsCancellationRequested))
        {
            return false;
        }
    }
}
