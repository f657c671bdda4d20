namespace AzureVmRole.Fabric.Guests;

/// <summary>A public key for the account that is made.</summary>
/// <param name="Path">The file in the guest: <c>/home/USER/.ssh/authorized_keys</c>.</param>
/// <param name="Value">The key in OpenSSH's form.</param>
public sealed record GuestKey(string Path, string Value);
