using AzureVmRole.Engine.Storage;
using AzureVmRole.Engine.Storage.Publishing;
using AzureVmRole.Engine.Storage.Saving;
using AzureVmRole.TestKit;
using AzureVmRole.TestKit.Faults;
using Xunit;

namespace AzureVmRole.Engine.Tests.Storage.Faults;

/// <summary>Keys and signatures appear in nothing that is said, thrown or noted, however badly a transfer goes.</summary>
public sealed class SecretTests(AzuriteFixture azurite)
{
    /// <summary>Few enough for the retries to get over those that pass.</summary>
    private const int FaultCount = 3;

    private static readonly string Signature = AccountSignature.Create();

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    public static TheoryData<string, string> Cases
    {
        get
        {
            var cases = new TheoryData<string, string>();
            foreach (string way in new[] { "key", "connection string", "signature in the address" })
            {
                foreach (string fault in way == "connection string" ? ["expired"] : new[] { "refused", "expired", "nonsense" })
                {
                    cases.Add(way, fault);
                }
            }

            return cases;
        }
    }

    [Theory(Timeout = 120_000)]
    [MemberData(nameof(Cases))]
    public async Task Transfer_AnyWayAndFault_NoSecretIsShown(string way, string fault)
    {
        await using FaultyStore store = await FaultyStore.StartAsync(azurite);
        string source = FaultDisk.SaveTo(store.File("disk.raw"));
        (string suffix, StoreConnection connection) = Authorise(store, way);
        var shown = new List<string>();
        store.Proxy.Add(new FaultRule { Comp = "page", First = 2, Count = FaultCount, Fault = FaultOf(fault) });
        PublishOptions options = store.ToPublish(source) with { Destination = store.Address() + suffix, Connection = connection };
        shown.Add(await DescribeAsync(async () => (await DiskPublication.PublishAsync(options, null, Token)).ToString()));
        await NoteJournalsAsync(store, shown);

        store.Proxy.Heal();
        shown.Add((await DiskPublication.PublishAsync(options with { Overwrite = true }, null, Token)).ToString());
        store.Proxy.Add(new FaultRule { Method = "GET", First = 2, Count = FaultCount, Fault = FaultOf(fault) });
        var saving = new SaveOptions { Source = store.Address() + suffix, DestinationPath = store.File("saved.vhd"), Connection = connection };
        shown.Add(await DescribeAsync(async () => (await DiskSave.SaveAsync(saving, null, Token)).ToString()));
        await NoteJournalsAsync(store, shown);

        AssertNoSecret(shown.Concat(store.Log.Texts));
    }

    [Theory(Timeout = 60_000)]
    [InlineData("sv=2021-08-06&spr=ftp&sig=hidden%2Bsecret")]
    [InlineData("sv=2021-08-06&se=tomorrow&sig=hidden%2Bsecret")]
    public async Task Publish_SignatureThatNoServiceGives_AuthenticationFailedAndNotShown(string signature)
    {
        await using FaultyStore store = await FaultyStore.StartAsync(azurite);
        PublishOptions options = store.ToPublish(FaultDisk.SaveTo(store.File("disk.raw")));
        TransferException exception = await Assert.ThrowsAsync<TransferException>(() => DiskPublication.PublishAsync(
            options with { Connection = options.Connection with { SharedAccessSignature = signature } }, null, Token));
        Assert.Equal(ErrorCode.AuthenticationFailed, exception.Code);
        Assert.DoesNotContain("hidden", exception.ToString(), StringComparison.Ordinal);
        Assert.Empty(store.Proxy.Requests);
    }

    private static Fault FaultOf(string name) => name switch
    {
        "refused" => new Fault { Answer = new InjectedAnswer(403, "AuthorizationPermissionMismatch") },
        "expired" => Fault.Expired,
        "lost" => new Fault { CutsAnswerAt = 10 },
        "nonsense" => new Fault { Answer = new InjectedAnswer(418, "Teapot") },
        _ => new Fault(),
    };

    private static (string Suffix, StoreConnection Connection) Authorise(FaultyStore store, string way)
    {
        StoreConnection connection = store.Connection;
        string account = store.Address("")[..(store.Address("").IndexOf(AzuriteServer.Account, StringComparison.Ordinal) + AzuriteServer.Account.Length)];
        return way switch
        {
            "key" => ("", connection with { AccountKey = AzuriteServer.AccountKey }),
            "connection string" => ("", connection with
            {
                ConnectionString =
                    $"DefaultEndpointsProtocol=http;AccountName={AzuriteServer.Account};AccountKey={AzuriteServer.AccountKey};BlobEndpoint={account};",
            }),
            "signature" => ("", connection with { SharedAccessSignature = Signature }),
            _ => ("?" + Signature, connection),
        };
    }

    private static async Task<string> DescribeAsync(Func<Task<string>> operation)
    {
        try
        {
            return await operation();
        }
        catch (AzureVmRoleException exception)
        {
            return $"{exception} {exception.Target} {exception.RecommendedAction}";
        }
    }

    /// <summary>Whatever a run has left beside the disks: journals, notes of a partial download.</summary>
    private static async Task NoteJournalsAsync(FaultyStore store, List<string> shown)
    {
        foreach (string path in Directory.EnumerateFiles(store.File(""), "*", SearchOption.AllDirectories).Where(path => new FileInfo(path).Length < 1 << 20))
        {
            shown.Add($"{path}: {await File.ReadAllTextAsync(path, Token)}");
        }
    }

    private static void AssertNoSecret(IEnumerable<string> texts)
    {
        string signature = Uri.UnescapeDataString(Signature[(Signature.IndexOf("sig=", StringComparison.Ordinal) + 4)..]);
        string[] secrets =
        [
            AzuriteServer.AccountKey[..12], AzuriteServer.AccountKey[40..52], Uri.EscapeDataString(AzuriteServer.AccountKey)[..12],
            signature[..12], Uri.EscapeDataString(signature)[..12], "sig=", "AccountKey",
        ];
        foreach (string text in texts)
        {
            Assert.All(secrets, secret => Assert.DoesNotContain(secret, text, StringComparison.OrdinalIgnoreCase));
        }
    }
}
