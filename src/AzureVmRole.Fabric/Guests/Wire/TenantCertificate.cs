using System.Security.Cryptography;
using System.Security.Cryptography.Pkcs;
using System.Security.Cryptography.X509Certificates;

namespace AzureVmRole.Fabric.Guests.Wire;

/// <summary>A certificate with its private key, handed to a guest as a PFX without a password inside a CMS envelope for the guest's own certificate.</summary>
internal sealed class TenantCertificate
{
    /// <summary>What agents ask for first from WALinuxAgent 2.15 on.</summary>
    public const string Aes = "AES128_CBC";

    /// <summary>What cloud-init and older agents ask for.</summary>
    public const string TripleDes = "DES_EDE3_CBC";

    private const string Aes128CbcOid = "2.16.840.1.101.3.4.1.2";
    private const string TripleDesCbcOid = "1.2.840.113549.3.7";
    private const int KeyBits = 2048;
    private const int FewestGuestKeyBits = 1024;
    private const int MostGuestKeyBits = 8192;
    private const int LongestCertificate = 16 * 1024;
    private const int YearsValid = 10;

    private readonly byte[] _aesPfx;
    private readonly byte[] _tripleDesPfx;

    private TenantCertificate(X509Certificate2 certificate)
    {
        Thumbprint = certificate.Thumbprint;
        _aesPfx = certificate.ExportPkcs12(Pkcs12ExportPbeParameters.Pbes2Aes256Sha256, "");
        _tripleDesPfx = certificate.ExportPkcs12(Pkcs12ExportPbeParameters.Pkcs12TripleDesSha1, "");
    }

    /// <summary>SHA-1 of the certificate, in hexadecimal digits.</summary>
    public string Thumbprint { get; }

    /// <summary>Makes one that signs itself.</summary>
    public static TenantCertificate Make(TimeProvider clock)
    {
        using var key = RSA.Create(KeyBits);
        var request = new CertificateRequest("CN=TenantEncryptionCert", key, HashAlgorithmName.SHA256, RSASignaturePadding.Pkcs1);
        DateTimeOffset now = clock.GetUtcNow();
        using X509Certificate2 certificate = request.CreateSelfSigned(now.AddDays(-1), now.AddYears(YearsValid));
        return new TenantCertificate(certificate);
    }

    /// <summary>Encrypts the certificate for a guest.</summary>
    /// <param name="guestCertificate">The guest's certificate: DER in Base64, as it was sent.</param>
    /// <param name="cipher">One of the two names; null for AES.</param>
    /// <returns>A CMS envelope, or null when the certificate or the cipher is none that can be used.</returns>
    public byte[]? Seal(string guestCertificate, string? cipher)
    {
        (string Oid, byte[] Pfx) choice;
        switch (cipher)
        {
            case null or Aes:
                choice = (Aes128CbcOid, _aesPfx);
                break;
            case TripleDes:
                choice = (TripleDesCbcOid, _tripleDesPfx);
                break;
            default:
                return null;
        }

        if (guestCertificate.Length > LongestCertificate)
        {
            return null;
        }

        byte[] der = new byte[guestCertificate.Length];
        if (!Convert.TryFromBase64String(guestCertificate, der, out int length))
        {
            return null;
        }

        try
        {
            using X509Certificate2 recipient = X509CertificateLoader.LoadCertificate(der.AsSpan(0, length));
            using RSA? key = recipient.GetRSAPublicKey();
            if (key is null || key.KeySize is < FewestGuestKeyBits or > MostGuestKeyBits)
            {
                return null;
            }

            var envelope = new EnvelopedCms(new ContentInfo(choice.Pfx), new AlgorithmIdentifier(new Oid(choice.Oid)));
            envelope.Encrypt(new CmsRecipient(SubjectIdentifierType.IssuerAndSerialNumber, recipient, RSAEncryptionPadding.Pkcs1));
            return envelope.Encode();
        }
        catch (CryptographicException)
        {
            return null;
        }
    }
}
