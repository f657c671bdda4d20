namespace AzureVmRole.Fabric.FrontEnd;

/// <summary>What a request says beside its path and body.</summary>
public sealed record RequestContext
{
    /// <summary>The id that a client sends again when it repeats the request (x-ms-client-request-id); null when it sent none.</summary>
    public string? ClientRequestId { get; init; }

    /// <summary>
    /// What tells requests on the same target apart beside their id: a digest of query and body, empty for none. A client that gives one id to all of its
    /// requests repeats only those that say the same.
    /// </summary>
    public string ContentId { get; init; } = "";

    /// <summary>The ETag that the resource has to have, <c>*</c> for any; null for no condition.</summary>
    public string? IfMatch { get; init; }

    /// <summary><c>*</c> when the resource must not exist; null for no condition.</summary>
    public string? IfNoneMatch { get; init; }

    /// <summary>The query's parameters; names compared without regard to case.</summary>
    public required IReadOnlyDictionary<string, string> Query { get; init; }
}
