using System.Globalization;
using System.Security.Cryptography;
using System.Text;

namespace AzureVmRole.TestKit;

/// <summary>A shared access signature for the account that every Azurite has ("Create an account SAS"), made without the SDK.</summary>
public static class AccountSignature
{
    public const string AllPermissions = "rwdxylacuptf";

    private const string Version = "2021-08-06";

    /// <summary>The query of an address, without a question mark.</summary>
    /// <param name="permissions">The letters of what is allowed.</param>
    /// <param name="expiresOn">When it ends; null for a time that no test sees.</param>
    public static string Create(string permissions = AllPermissions, DateTimeOffset? expiresOn = null)
    {
        string end = expiresOn?.UtcDateTime.ToString("yyyy-MM-ddTHH:mm:ssZ", CultureInfo.InvariantCulture) ?? "2099-01-01T00:00:00Z";
        string text = string.Join('\n', AzuriteServer.Account, permissions, "b", "sco", "", end, "", "https,http", Version, "", "");
        byte[] signature = HMACSHA256.HashData(Convert.FromBase64String(AzuriteServer.AccountKey), Encoding.UTF8.GetBytes(text));
        string encoded = Uri.EscapeDataString(Convert.ToBase64String(signature));
        return $"sv={Version}&ss=b&srt=sco&sp={permissions}&se={Uri.EscapeDataString(end)}&spr=https,http&sig={encoded}";
    }
}
