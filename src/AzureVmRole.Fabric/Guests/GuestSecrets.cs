namespace AzureVmRole.Fabric.Guests;

/// <summary>What a guest is told when it is provisioned, and nobody afterwards.</summary>
/// <param name="AdminPassword">The administrator's password; null for none.</param>
/// <param name="CustomData">What the caller gave to be run or read at the first boot, Base64; null for nothing.</param>
/// <param name="UserData">What the metadata service shows until the guest is provisioned, Base64; null for nothing.</param>
internal sealed record GuestSecrets(string? AdminPassword, string? CustomData, string? UserData)
{
    public static readonly GuestSecrets None = new(null, null, null);
}
