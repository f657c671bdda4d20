using AzureVmRole.Daemon.Security;
using AzureVmRole.TestKit;
using Xunit;

namespace AzureVmRole.Daemon.Tests.Security;

public sealed class SecretFileTests
{
    private const UnixFileMode OwnerOnly = UnixFileMode.UserRead | UnixFileMode.UserWrite;

    private static CancellationToken Stop => TestContext.Current.CancellationToken;

    [Fact]
    public void Open_NoToken_MakesOneForTheOwnerOnly()
    {
        using var folder = new TemporaryFolder();
        string path = folder.File("token");
        var made = BearerToken.Open(path);
        string text = File.ReadAllText(path).Trim();
        Assert.Equal(43, text.Length);
        Assert.True(OperatingSystem.IsWindows() || File.GetUnixFileMode(path) == OwnerOnly);
        Assert.True(made.IsIn($"Bearer {text}"));
        Assert.True(BearerToken.Open(path).IsIn($"bearer {text}"));
        Assert.False(made.IsIn($"Bearer {text}x"));
        Assert.False(made.IsIn(text));
        Assert.Equal("token", Path.GetFileName(Assert.Single(Directory.EnumerateFiles(folder.Path))));
    }

    [Theory]
    [InlineData(UnixFileMode.GroupRead)]
    [InlineData(UnixFileMode.OtherRead)]
    [InlineData(UnixFileMode.OtherWrite)]
    public void Open_TokenThatOthersCanReach_IsRefused(UnixFileMode more)
    {
        Assert.SkipWhen(OperatingSystem.IsWindows(), "Windows has no file modes.");
        using var folder = new TemporaryFolder();
        string path = folder.File("token");
        BearerToken.Open(path);
        if (!OperatingSystem.IsWindows())
        {
            File.SetUnixFileMode(path, OwnerOnly | more);
        }

        FabricException refusal = Assert.Throws<FabricException>(() => BearerToken.Open(path));
        Assert.Equal((ErrorCode.AccessDenied, path), (refusal.Code, refusal.Target));
    }

    [Fact(Timeout = 60_000)]
    public async Task Open_TokenOfAnotherUser_IsRefused()
    {
        Assert.SkipUnless(Environment.IsPrivilegedProcess && !OperatingSystem.IsWindows(), "Only root can give a file away.");
        using var folder = new TemporaryFolder();
        string path = folder.File("token");
        BearerToken.Open(path);
        await ExternalProgram.RunAsync(Stop, "chown", "65534", path);
        Assert.Contains("another user", Assert.Throws<FabricException>(() => BearerToken.Open(path)).Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Open_LinkOrNoToken_IsRefused()
    {
        using var folder = new TemporaryFolder();
        BearerToken.Open(folder.File("real"));
        File.CreateSymbolicLink(folder.File("token"), folder.File("real"));
        Assert.Throws<FabricException>(() => BearerToken.Open(folder.File("token")));
        PrivateFile.Write(folder.File("short"), "abc"u8, overwrite: false);
        Assert.Throws<FabricException>(() => BearerToken.Open(folder.File("short")));
    }

    [Fact]
    public void Current_CertificateNearItsEnd_IsReplacedAndTold()
    {
        using var folder = new TemporaryFolder();
        string path = folder.File("certificate.pem");
        var clock = new ManualClock(TimeProvider.System.GetUtcNow());
        using var certificate = ServerCertificate.Open(path, clock);
        string first = certificate.Thumbprint;
        using (var again = ServerCertificate.Open(path, clock))
        {
            Assert.Equal(first, again.Thumbprint);
        }

        int told = 0;
        certificate.Renewed = _ => told++;
        clock.Now += ServerCertificate.Validity - ServerCertificate.RenewedBefore + TimeSpan.FromDays(1);
        string second = certificate.Thumbprint;
        Assert.NotEqual(first, second, StringComparer.Ordinal);
        Assert.Equal(1, told);
        using var reopened = ServerCertificate.Open(path, clock);
        Assert.Equal(second, reopened.Thumbprint);
    }

    [Fact]
    public void Open_DamagedCertificate_IsReplaced()
    {
        using var folder = new TemporaryFolder();
        PrivateFile.Write(folder.File("certificate.pem"), "-----BEGIN CERTIFICATE-----\nAAAA\n-----END CERTIFICATE-----\n"u8, overwrite: false);
        using var certificate = ServerCertificate.Open(folder.File("certificate.pem"), TimeProvider.System);
        Assert.Equal(64, certificate.Thumbprint.Length);
        string text = File.ReadAllText(folder.File("certificate.pem"));
        Assert.Contains("PRIVATE KEY", text, StringComparison.Ordinal);
    }

    private sealed class ManualClock(DateTimeOffset now) : TimeProvider
    {
        public DateTimeOffset Now { get; set; } = now;

        public override DateTimeOffset GetUtcNow() => Now;
    }
}
