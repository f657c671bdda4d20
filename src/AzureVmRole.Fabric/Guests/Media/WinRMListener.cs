namespace AzureVmRole.Fabric.Guests.Media;

/// <summary>Where Windows is to listen for remote management.</summary>
/// <param name="Protocol"><c>Http</c> or <c>Https</c>.</param>
/// <param name="CertificateThumbprint">Of the certificate for HTTPS; null for HTTP.</param>
public sealed record WinRMListener(string Protocol, string? CertificateThumbprint = null);
