using System.Net;
using System.Net.Security;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using System.Text;

namespace AzureVmRole.Daemon.Security;

/// <summary>
/// The certificate that the daemon shows, made by itself (ECDSA P-256) and kept with its key in a file that only its owner can read. Clients pin its
/// SHA-256. It is replaced <see cref="RenewedBefore"/> its end, also while the daemon runs.
/// </summary>
internal sealed class ServerCertificate : IDisposable
{
    /// <summary>How long a new one is valid.</summary>
    public static readonly TimeSpan Validity = TimeSpan.FromDays(730);

    /// <summary>How long before its end it is replaced.</summary>
    public static readonly TimeSpan RenewedBefore = TimeSpan.FromDays(30);

    private const int LongestFile = 64 << 10;

    private readonly Lock _lock = new();
    private readonly string _path;
    private readonly TimeProvider _clock;
    private readonly List<X509Certificate2> _held = [];
    private SslStreamCertificateContext _context;

    private ServerCertificate(string path, TimeProvider clock)
    {
        _path = path;
        _clock = clock;
        _context = Hold(Read() is { } found && !IsDue(found) ? found : Make());
    }

    /// <summary>Called with this when another certificate has taken the place of the one before.</summary>
    public Action<ServerCertificate>? Renewed { get; set; }

    /// <summary>SHA-256 of the certificate, in hexadecimal digits.</summary>
    public string Thumbprint => Current.TargetCertificate.GetCertHashString(HashAlgorithmName.SHA256);

    /// <summary>The certificate to show now.</summary>
    public SslStreamCertificateContext Current
    {
        get
        {
            SslStreamCertificateContext context = Volatile.Read(ref _context);
            return IsDue(context.TargetCertificate) ? Renew() : context;
        }
    }

    /// <summary>Reads the certificate of a file, or makes both; also when the file holds none that can be used any more.</summary>
    /// <param name="path">The absolute path of the file (PEM).</param>
    /// <param name="clock">The time.</param>
    /// <exception cref="FabricException">The file is not the caller's own, or others can read it.</exception>
    public static ServerCertificate Open(string path, TimeProvider clock) => new(path, clock);

    /// <inheritdoc/>
    public void Dispose() => _held.ForEach(certificate => certificate.Dispose());

    private SslStreamCertificateContext Renew()
    {
        lock (_lock)
        {
            if (!IsDue(_context.TargetCertificate))
            {
                return _context;
            }

            Volatile.Write(ref _context, Hold(Make()));
        }

        Renewed?.Invoke(this);
        return _context;
    }

    private bool IsDue(X509Certificate2 certificate)
    {
        DateTimeOffset now = _clock.GetUtcNow();
        return now >= new DateTimeOffset(certificate.NotAfter) - RenewedBefore || now < new DateTimeOffset(certificate.NotBefore);
    }

    private SslStreamCertificateContext Hold(X509Certificate2 certificate)
    {
        _held.Add(certificate);
        return SslStreamCertificateContext.Create(certificate, additionalCertificates: null, offline: true);
    }

    private X509Certificate2? Read()
    {
        if (PrivateFile.Read(_path, LongestFile) is not { } content)
        {
            return null;
        }

        try
        {
            string text = Encoding.ASCII.GetString(content);
            using var certificate = X509Certificate2.CreateFromPem(text, text);
            return Usable(certificate);
        }
        catch (Exception exception) when (exception is CryptographicException or ArgumentException)
        {
            // What is no certificate is replaced by one.
            return null;
        }
    }

    private X509Certificate2 Make()
    {
        using var key = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        var request = new CertificateRequest("CN=AzureVmRole local fabric", key, HashAlgorithmName.SHA256);
        var names = new SubjectAlternativeNameBuilder();
        names.AddDnsName("localhost");
        names.AddIpAddress(IPAddress.Loopback);
        names.AddIpAddress(IPAddress.IPv6Loopback);
        request.CertificateExtensions.Add(names.Build());
        request.CertificateExtensions.Add(new X509BasicConstraintsExtension(false, false, 0, critical: true));
        request.CertificateExtensions.Add(new X509KeyUsageExtension(X509KeyUsageFlags.DigitalSignature, critical: true));
        request.CertificateExtensions.Add(new X509EnhancedKeyUsageExtension([new Oid("1.3.6.1.5.5.7.3.1")], critical: false)); // Server authentication.
        DateTimeOffset now = _clock.GetUtcNow();
        using X509Certificate2 certificate = request.CreateSelfSigned(now.AddMinutes(-5), now + Validity);
        PrivateFile.Write(
            _path, Encoding.ASCII.GetBytes($"{certificate.ExportCertificatePem()}\n{key.ExportPkcs8PrivateKeyPem()}\n"), overwrite: true);
        return Usable(certificate);
    }

    // Windows' TLS cannot use a key that exists in memory only.
    private static X509Certificate2 Usable(X509Certificate2 certificate) => X509CertificateLoader.LoadPkcs12(certificate.Export(X509ContentType.Pkcs12), null);
}
