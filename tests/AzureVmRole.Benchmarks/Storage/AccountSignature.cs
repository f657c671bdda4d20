using System.Security.Cryptography;
using System.Text;
using AzureVmRole.TestKit;

namespace AzureVmRole.Benchmarks.Storage;

/// <summary>A shared access signature for the account that every Azurite has ("Create an account SAS").</summary>
internal static class AccountSignature
{
    private const string Version = "2021-08-06";
    private const string Permissions = "rwdlac";
    private const string End = "2099-01-01T00:00:00Z";

    /// <summary>The query of an address, without a question mark.</summary>
    public static string Create()
    {
        string text = string.Join('\n', AzuriteServer.Account, Permissions, "b", "sco", "", End, "", "http,https", Version, "", "");
        byte[] signature = HMACSHA256.HashData(Convert.FromBase64String(AzuriteServer.AccountKey), Encoding.UTF8.GetBytes(text));
        return $"sv={Version}&ss=b&srt=sco&sp={Permissions}&se={Uri.EscapeDataString(End)}&spr=http,https&sig={Uri.EscapeDataString(Convert.ToBase64String(signature))}";
    }
}
