using System.Net;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using System.Xml.Linq;
using AzureVmRole.Fabric.Guests.Http;
using AzureVmRole.TestKit;
using Xunit;

namespace AzureVmRole.Fabric.Tests.Guests.Wire;

public sealed class TenantCertificateTests : IDisposable
{
    private readonly WireRoom _room = new();
    private readonly TemporaryFolder _folder = new();

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    public void Dispose() => _folder.Dispose();

    /// <summary>The way of both agents: openssl makes the certificate, opens the envelope and reads the PFX without a password.</summary>
    [Theory(Timeout = 120_000)]
    [InlineData("AES128_CBC")]
    [InlineData("DES_EDE3_CBC")]
    public async Task Answer_Certificates_OpenSslOpensThem(string cipher)
    {
        Assert.SkipUnless(ExternalProgram.IsInstalled("openssl"), "Not installed: openssl.");
        (string key, string certificate) = (At("k.pem"), At("c.pem"));
        await Run("req", "-x509", "-nodes", "-subj", "/CN=LinuxTransport", "-days", "730", "-newkey", "rsa:2048", "-keyout", key, "-out", certificate);

        GuestAnswer answer = Certificates(Sent(await File.ReadAllTextAsync(certificate, Token)), cipher);

        XElement file = XDocument.Parse(answer.Text()).Root!;
        Assert.Equal("Pkcs7BlobWithPfxContents", file.Element("Format")?.Value);
        await File.WriteAllTextAsync(
            At("c.p7m"),
            $"MIME-Version:1.0\nContent-Disposition: attachment; filename=\"c.p7m\"\nContent-Type: application/x-pkcs7-mime; name=\"c.p7m\"\nContent-Transfer-Encoding: base64\n\n{file.Element("Data")?.Value}",
            Token);
        await Run("cms", "-decrypt", "-in", At("c.p7m"), "-inkey", key, "-recip", certificate, "-out", At("c.pfx"));
        string pem = await Run("pkcs12", "-nodes", "-password", "pass:", "-in", At("c.pfx"));
        using var opened = X509Certificate2.CreateFromPem(pem, pem);
        Assert.Equal((_room.State.Certificate.Thumbprint, true), (opened.Thumbprint, opened.HasPrivateKey));
        string shape = await Run("cms", "-cmsout", "-print", "-in", At("c.p7m"));
        Assert.Contains(cipher == "AES128_CBC" ? "aes-128-cbc" : "des-ede3-cbc", shape, StringComparison.Ordinal);
    }

    [Fact]
    public void Answer_NoCipherNamed_IsAes() => Assert.Equal(HttpStatusCode.OK, Certificates(Rsa(), cipher: null).Status);

    [Fact]
    public void Answer_CertificateOrCipherOfNoUse_Is400()
    {
        using var curve = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        using X509Certificate2 elliptic = new CertificateRequest("CN=a", curve, HashAlgorithmName.SHA256).CreateSelfSigned(_room.Clock.GetUtcNow(), _room.Clock.GetUtcNow().AddDays(1));

        Assert.All(
            [
                Certificates(Rsa(), "ROT13"),
                Certificates("no base64!", "AES128_CBC"),
                Certificates("AAAA", "AES128_CBC"),
                Certificates(new string('A', 20_000), "AES128_CBC"),
                Certificates(Convert.ToBase64String(elliptic.RawData), "AES128_CBC"),
                _room.Get($"{WireRoom.Wire}/machine?comp=certificates"),
            ],
            answer => Assert.Equal(HttpStatusCode.BadRequest, answer.Status));
    }

    private string At(string name) => Path.Combine(_folder.Path, name);

    private string Rsa()
    {
        using var key = RSA.Create(2048);
        var request = new CertificateRequest("CN=a", key, HashAlgorithmName.SHA256, RSASignaturePadding.Pkcs1);
        using X509Certificate2 certificate = request.CreateSelfSigned(_room.Clock.GetUtcNow(), _room.Clock.GetUtcNow().AddDays(1));
        return Convert.ToBase64String(certificate.RawData);
    }

    private static string Sent(string pem) => string.Concat(pem.Split('\n').Where(line => !line.Contains("CERTIFICATE", StringComparison.Ordinal)));

    private GuestAnswer Certificates(string certificate, string? cipher)
    {
        (string, string)[] headers = [.. WireRoom.Agent, ("x-ms-guest-agent-public-x509-cert", certificate), .. cipher is null ? Array.Empty<(string, string)>() : [("x-ms-cipher-name", cipher)]];
        return _room.Server.Answer(TestGuest.Get($"{WireRoom.Wire}/machine/{TestGuest.ContainerId}?comp=certificates&incarnation=1", headers));
    }

    private static async Task<string> Run(params string[] arguments)
    {
        ProgramResult result = await ExternalProgram.RunAsync(Token, "openssl", arguments);
        Assert.True(result.ExitCode == 0, result.Everything);
        return result.Output;
    }
}
