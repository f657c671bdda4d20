using AzureVmRole.Engine.Storage.Azure;

namespace AzureVmRole.Engine.Storage;

/// <summary>How stores are reached and authorised. Everything is optional: the default is the folder store of this machine.</summary>
public sealed record StoreConnection
{
    /// <summary>The connection string of a storage account: names without a scheme are blobs of that account. Secret.</summary>
    public string? ConnectionString { get; init; }

    /// <summary>The parameter that <see cref="ConnectionString"/> was given with, as errors about it say.</summary>
    public string ConnectionStringGiver { get; init; } = "-ConnectionString";

    /// <summary>An account key for <c>https:</c> addresses that carry no signature. Secret.</summary>
    public string? AccountKey { get; init; }

    /// <summary>A shared access signature for <c>https:</c> addresses that carry none of their own. Secret.</summary>
    public string? SharedAccessSignature { get; init; }

    /// <summary>The absolute path of the folder store that names without a scheme mean; null for the default one.</summary>
    public string? FolderPath { get; init; }

    /// <summary>The most requests at once; null lets the machine and the service's answers decide.</summary>
    public int? NumberOfThreads { get; init; }

    /// <summary>Gets decisions and retries; null for nobody.</summary>
    public IOperationLog? Log { get; init; }

    /// <summary>How often and how long requests to a service are tried again.</summary>
    internal AzureRetryTimes RetryTimes { get; init; } = AzureRetryTimes.Default;
}
