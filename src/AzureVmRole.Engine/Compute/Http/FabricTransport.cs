using System.Net.Security;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;

namespace AzureVmRole.Engine.Compute.Http;

/// <summary>The way to the local fabric: TLS to this machine only, with the one certificate that the fabric has written down.</summary>
internal static class FabricTransport
{
    private static readonly TimeSpan ConnectTimeout = TimeSpan.FromSeconds(5);

    /// <summary>Makes a client. The caller disposes it.</summary>
    /// <param name="thumbprint">SHA-256 of the certificate in hexadecimal digits.</param>
    public static HttpClient Create(string thumbprint)
    {
        byte[] expected = Convert.FromHexString(thumbprint);
        var handler = new SocketsHttpHandler
        {
            AllowAutoRedirect = false,
            UseCookies = false,
            UseProxy = false,
            ActivityHeadersPropagator = null,
            ConnectTimeout = ConnectTimeout,
            SslOptions = new SslClientAuthenticationOptions
            {
                RemoteCertificateValidationCallback = (_, certificate, _, _) => Matches(certificate, expected),
            },
        };
        return new HttpClient(handler) { Timeout = Timeout.InfiniteTimeSpan };
    }

    private static bool Matches(X509Certificate? certificate, byte[] expected) =>
        certificate is not null && CryptographicOperations.FixedTimeEquals(SHA256.HashData(certificate.GetRawCertData()), expected);
}
