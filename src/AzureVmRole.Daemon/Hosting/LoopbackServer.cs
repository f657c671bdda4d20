using System.Net;
using System.Net.Security;
using System.Net.Sockets;
using System.Security.Authentication;
using AzureVmRole.Daemon.Arm;
using AzureVmRole.Daemon.Security;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Server.Kestrel.Core;
using Microsoft.AspNetCore.Server.Kestrel.Https;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;

namespace AzureVmRole.Daemon.Hosting;

/// <summary>The HTTPS server: TLS and limits. It reads no environment variables and no settings files, which could bind it elsewhere.</summary>
internal static class LoopbackServer
{
    private const int MostConnections = 4096;

    private static readonly TimeSpan LongestHandshake = TimeSpan.FromSeconds(10);
    private static readonly TimeSpan LongestHeaders = TimeSpan.FromSeconds(10);

    /// <summary>Makes the server; addresses are added to <see cref="WebApplication.Urls"/>.</summary>
    public static WebApplication Make(DaemonOptions options, ServerCertificate certificate, ILoggerProvider logs)
    {
        WebApplicationBuilder builder = WebApplication.CreateEmptyBuilder(new WebApplicationOptions { ContentRootPath = options.FolderPath });
        builder.Logging.SetMinimumLevel(LogLevel.Information).AddProvider(logs);
        builder.Services.Configure<HostOptions>(host => host.ShutdownTimeout = options.LongestDrain);
        builder.WebHost.UseKestrelCore().UseKestrelHttpsConfiguration().ConfigureKestrel(server =>
        {
            server.AddServerHeader = false;
            server.Limits.MaxRequestBodySize = JsonBody.LongestRefusedInBytes;
            server.Limits.MaxConcurrentConnections = MostConnections;
            server.Limits.RequestHeadersTimeout = LongestHeaders;
            server.ConfigureEndpointDefaults(listen => listen.Protocols = HttpProtocols.Http1AndHttp2);
            server.ConfigureEndpointDefaults(listen => listen.UseHttps(new TlsHandshakeCallbackOptions
            {
                HandshakeTimeout = LongestHandshake,
                OnConnection = _ => ValueTask.FromResult(new SslServerAuthenticationOptions
                {
                    ServerCertificateContext = certificate.Current,
                    EnabledSslProtocols = SslProtocols.Tls12 | SslProtocols.Tls13,
                }),
            }));
        });
        return builder.Build();
    }

    /// <summary>A port that nothing listens on now.</summary>
    public static int FreePort()
    {
        using var listener = new TcpListener(IPAddress.Loopback, 0);
        listener.Start();
        return ((IPEndPoint)listener.LocalEndpoint).Port;
    }

    /// <summary>Whether a port can be listened on.</summary>
    public static bool IsFree(IPAddress address, int port)
    {
        try
        {
            using var listener = new TcpListener(address, port);
            listener.Start();
            return true;
        }
        catch (SocketException)
        {
            return false;
        }
    }
}
