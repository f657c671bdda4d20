namespace AzureVmRole.Daemon.Tests.Faults;

/// <summary>One request of a client under load.</summary>
/// <param name="Method">The method.</param>
/// <param name="Path">The path.</param>
/// <param name="Body">The body; null for none.</param>
internal sealed record LoadStep(string Method, string Path, string? Body = null)
{
    /// <summary>The id by which the daemon knows the request again.</summary>
    public string RequestId { get; } = Guid.NewGuid().ToString("D");

    /// <summary>The resources that are there once the request is accepted.</summary>
    public IReadOnlyList<string> Makes { get; init; } = [];

    /// <summary>The resources that go once it has succeeded.</summary>
    public IReadOnlyList<string> Removes { get; init; } = [];

    /// <summary>What the client remembers once it is accepted.</summary>
    public Action Accepted { get; init; } = static () => { };

    public override string ToString() => $"{Method} {Path} {Body}";
}
