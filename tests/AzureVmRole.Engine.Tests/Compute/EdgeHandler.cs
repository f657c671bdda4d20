using System.Net;
using System.Text;

namespace AzureVmRole.Engine.Tests.Compute;

/// <summary>Answers some requests itself, and lets the others through to the real fabric.</summary>
/// <param name="inner">The way to the fabric.</param>
/// <param name="answer">The answer to a request; null to let it through.</param>
internal sealed class EdgeHandler(HttpMessageHandler inner, Func<HttpRequestMessage, Task<HttpResponseMessage?>> answer) : DelegatingHandler(inner)
{
    /// <summary>An answer in JSON.</summary>
    public static HttpResponseMessage Json(HttpStatusCode status, string body) => new(status) { Content = new StringContent(body, Encoding.UTF8, "application/json") };

    protected override async Task<HttpResponseMessage> SendAsync(HttpRequestMessage request, CancellationToken cancellationToken)
    {
        if (await answer(request) is { } own)
        {
            own.RequestMessage = request;
            return own;
        }

        return await base.SendAsync(request, cancellationToken);
    }
}
