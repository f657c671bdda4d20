namespace AzureVmRole.Fabric.Proofs;

/// <summary>What came of an attempt to log in by SSH.</summary>
/// <param name="IsLoggedIn">Whether it succeeded; null when none was made.</param>
/// <param name="What">What happened, in words.</param>
public sealed record SshTrial(bool? IsLoggedIn, string What)
{
    internal static readonly SshTrial NotReady = new(null, "Not tried: the guest was not ready.");
}
