namespace AzureVmRole.Daemon.Tests.Security;

/// <summary>A request as text: what is right at first, and changed from there.</summary>
/// <param name="Method">The method.</param>
/// <param name="Path">The path with its query, as it is sent.</param>
/// <param name="Body">The body; null for none.</param>
internal sealed record ForgedRequest(string Method, string Path, string? Body = null)
{
    public string ContentType { get; init; } = "application/json";

    public (string Name, string Value)? Header { get; init; }

    public override string ToString() => $"{Method} {Path} {Header} {(Body is { Length: > 600 } ? Body[..600] + "…" : Body)}";
}
