using System.Net;
using Azure.Core;
using Azure.Core.Pipeline;
using Azure.Storage.Blobs;

namespace AzureVmRole.Engine.Storage.Azure;

/// <summary>The SDK's client for one account, with nothing switched on that costs time and is not used.</summary>
internal static class AzurePipeline
{
    /// <summary>The newest version that this SDK speaks; Azurite 3.35 knows it, too.</summary>
    public const BlobClientOptions.ServiceVersion Version = BlobClientOptions.ServiceVersion.V2023_01_03;

    private static readonly TimeSpan ConnectTimeout = TimeSpan.FromSeconds(15);

    public static HttpClient CreateHttpClient(Uri endpoint, int connections)
    {
        var handler = new SocketsHttpHandler
        {
            AllowAutoRedirect = false,
            UseCookies = false,
            UseProxy = !endpoint.IsLoopback,
            AutomaticDecompression = DecompressionMethods.None,
            ActivityHeadersPropagator = null,
            ConnectTimeout = ConnectTimeout,
            // Transfers, and beside them leases, listings and properties.
            MaxConnectionsPerServer = connections + 8,
            // Azurite closes idle connections after 5 s, Azure after minutes; a connection closed in between costs a retry.
            PooledConnectionIdleTimeout = TimeSpan.FromSeconds(endpoint.IsLoopback ? 4 : 60),
            // A name that now means another address is noticed.
            PooledConnectionLifetime = TimeSpan.FromMinutes(10),
        };
        return new HttpClient(handler) { Timeout = Timeout.InfiniteTimeSpan };
    }

    public static BlobServiceClient CreateClient(
        Uri endpoint, AzureAuthorization authorization, HttpClient http, AzureTraffic traffic, AzureRetryTimes times)
    {
        var options = new BlobClientOptions(Version)
        {
            Transport = new HttpClientTransport(http),
            RetryPolicy = new AzureRetries(times, traffic),
            TrimBlobNameSlashes = false,
        };
        options.Retry.NetworkTimeout = times.Timeout;
        options.Diagnostics.IsLoggingEnabled = false;
        options.Diagnostics.IsDistributedTracingEnabled = false;
        options.Diagnostics.IsTelemetryEnabled = true;
        options.Diagnostics.ApplicationId = "AzureVmRole";
        options.AddPolicy(traffic, HttpPipelinePosition.PerRetry);
        return authorization switch
        {
            { SharedKey: { } key } => new BlobServiceClient(endpoint, key, options),
            { Token: { } token } => new BlobServiceClient(endpoint, token, options),
            _ => new BlobServiceClient(new UriBuilder(endpoint) { Query = authorization.Signature }.Uri, options),
        };
    }
}
