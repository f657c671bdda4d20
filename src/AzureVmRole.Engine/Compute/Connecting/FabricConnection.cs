using Azure.Core;
using Azure.Core.Pipeline;
using Azure.ResourceManager;
using Azure.ResourceManager.Resources;
using AzureVmRole.Engine.Compute.Http;
using AzureVmRole.Engine.Storage;
using AzureVmRole.Engine.Storage.Azure;

namespace AzureVmRole.Engine.Compute.Connecting;

/// <summary>
/// The way to Azure Resource Manager, or to the local fabric, which speaks the same dialect: everything in Compute goes through one. Safe for
/// several threads. Holds secrets, and shows none.
/// </summary>
public sealed class FabricConnection : IDisposable
{
    /// <summary>The resource group of commands that name none.</summary>
    public const string DefaultGroupName = "azvmrole";

    private static readonly TimeSpan TokenLifetime = TimeSpan.FromHours(1);

    private readonly HttpClient? _http;
    private readonly SemaphoreSlim _groupGate = new(1);
    private bool _hasGroup;

    internal FabricConnection(FabricConnectionState state, TokenCredential credential, HttpClient? http, TimeProvider clock, Func<string>? token = null)
    {
        State = state;
        Clock = clock;
        _http = http;
        var options = new ArmClientOptions();
        if (http is not null)
        {
            options.Environment = new ArmEnvironment(state.Endpoint, ArmEnvironment.AzurePublicCloud.Audience);
            options.Transport = new HttpClientTransport(http);
            options.Retry.MaxRetries = 2;
            options.Retry.Delay = TimeSpan.FromMilliseconds(100);
        }

        options.Diagnostics.IsLoggingEnabled = false;
        options.Diagnostics.IsDistributedTracingEnabled = false;
        options.Diagnostics.ApplicationId = "AzureVmRole";
        options.AddPolicy(new MissingIdPolicy(), HttpPipelinePosition.BeforeTransport);
        options.AddPolicy(new RequestQueryPolicy(), HttpPipelinePosition.PerCall);
        options.AddPolicy(new IfMatchPolicy(), HttpPipelinePosition.PerCall);
        if (token is not null)
        {
            options.AddPolicy(new FreshTokenPolicy(token), HttpPipelinePosition.BeforeTransport);
        }

        Client = new ArmClient(credential, state.SubscriptionId, options);
    }

    /// <summary>What is connected, for people.</summary>
    public FabricConnectionState State { get; }

    /// <summary>Whether it is the fabric of this machine.</summary>
    public bool IsLocal => State.HomePath is not null;

    internal ArmClient Client { get; }

    internal TimeProvider Clock { get; }

    /// <summary>Connects to the local fabric, and asks it something, so that a connection that was made works.</summary>
    /// <param name="home">The absolute path of its home folder; null for the default one (<c>AZUREVMROLE_HOME</c>).</param>
    /// <param name="groupName">The resource group of commands that name none; null for <c>azvmrole</c>.</param>
    /// <param name="location">The location of what is made; null for the fabric's first.</param>
    /// <param name="cancellationToken">Ends the work.</param>
    /// <exception cref="FabricException">FabricUnreachable when no fabric runs; AuthenticationFailed when it refuses the token; RequestInvalid when it has no such location.</exception>
    public static async Task<FabricConnection> ConnectLocalAsync(
        string? home, string? groupName, string? location, CancellationToken cancellationToken)
    {
        FabricConnection connection = OpenLocal(home ?? HomeFolder.Path, groupName, location);
        try
        {
            await FabricFailures.AskAsync(
                connection, "connect to", connection.State.Endpoint.AbsoluteUri, token => connection.Subscription().GetAsync(token), cancellationToken)
                .ConfigureAwait(false);
            return connection;
        }
        catch
        {
            connection.Dispose();
            throw;
        }
    }

    /// <summary>Connects to Azure. Nothing is asked yet: the first command signs in.</summary>
    /// <param name="options">The subscription, the location, and the rest.</param>
    public static FabricConnection ConnectAzure(AzureConnectionOptions options)
    {
        var state = new FabricConnectionState
        {
            Kind = "Azure",
            Endpoint = ArmEnvironment.AzurePublicCloud.Endpoint,
            SubscriptionId = options.SubscriptionId,
            ResourceGroupName = options.ResourceGroupName,
            Location = options.Location,
            Store = options.StorageAccount is not { } account ? null
                : account.Contains("://", StringComparison.Ordinal) ? account : $"https://{account}.blob.core.windows.net/",
        };
        TokenCredential credential = options.AccessToken is { } token
            ? new FabricTokenCredential(() => token, TokenLifetime, TimeProvider.System)
            : new DirectoryCredential();
        return new FabricConnection(state, credential, http: null, TimeProvider.System);
    }

    /// <summary>
    /// This connection, or one of its kind to the fabric as it is now: one that was started again answers at another place. Where none runs it is this one, whose requests fail.
    /// </summary>
    /// <exception cref="FabricException">RequestInvalid when the fabric has the connection's location no more; FabricUnreachable when its note cannot be read.</exception>
    public FabricConnection Renewed() =>
        State.HomePath is { } home && FabricNote.Find(home) is { } note && (note.Endpoint != State.Endpoint || note.Thumbprint != State.Thumbprint)
            ? OpenLocal(home, State.ResourceGroupName, State.Location)
            : this;

    /// <summary>A connection to the local fabric of the default home folder, which is not asked yet; null when none runs.</summary>
    public static FabricConnection? FindLocal() => FabricNote.Find(HomeFolder.Path) is null ? null : OpenLocal(HomeFolder.Path, groupName: null, location: null);

    /// <inheritdoc/>
    public void Dispose()
    {
        _http?.Dispose();
        _groupGate.Dispose();
    }

    internal static FabricConnection OpenLocal(string home, string? groupName, string? location)
    {
        FabricNote note = FabricNote.Find(home) ?? throw NotRunning(home);
        if (location is not null && !note.Locations.Contains(location, StringComparer.OrdinalIgnoreCase))
        {
            throw new FabricException(
                ErrorCode.RequestInvalid, location, $"The fabric of '{home}' has no location '{location}'; it has {string.Join(", ", note.Locations)}.",
                "Give one of its locations.");
        }

        string place = location ?? (note.Locations.Count > 0 ? note.Locations[0] : "local1");
        var state = new FabricConnectionState
        {
            Kind = "Local",
            Endpoint = note.Endpoint,
            SubscriptionId = note.SubscriptionId,
            ResourceGroupName = groupName ?? DefaultGroupName,
            Location = place,
            Store = Path.Combine(home, "store", place),
            HomePath = home,
            Thumbprint = note.Thumbprint,
        };
        string tokenPath = FabricNote.TokenPathIn(home);
        var credential = new FabricTokenCredential(() => ReadToken(tokenPath), TokenLifetime, TimeProvider.System);
        return new FabricConnection(state, credential, FabricTransport.Create(note.Thumbprint), TimeProvider.System, () => ReadToken(tokenPath));
    }

    /// <summary>The store in which names without a scheme are blobs.</summary>
    internal StoreConnection Store(IOperationLog? log) => new() { FolderPath = IsLocal ? State.Store : null, Log = log };

    /// <summary>A resource group by its name; null for the connection's own.</summary>
    internal ResourceGroupResource Group(string? name) =>
        Client.GetResourceGroupResource(ResourceGroupResource.CreateResourceIdentifier(State.SubscriptionId, name ?? State.ResourceGroupName));

    internal SubscriptionResource Subscription() =>
        Client.GetSubscriptionResource(SubscriptionResource.CreateResourceIdentifier(State.SubscriptionId));

    /// <summary>A resource group in which something is to be made: the connection's own is made where it is missing.</summary>
    internal async Task<ResourceGroupResource> GroupForCreationAsync(string? name, CancellationToken cancellationToken)
    {
        ResourceGroupResource group = Group(name);
        if (_hasGroup || !string.Equals(group.Id.ResourceGroupName, State.ResourceGroupName, StringComparison.OrdinalIgnoreCase))
        {
            return group;
        }

        await _groupGate.WaitAsync(cancellationToken).ConfigureAwait(false);
        try
        {
            ResourceGroupCollection groups = Subscription().GetResourceGroups();
            if (!_hasGroup && !await groups.ExistsAsync(State.ResourceGroupName, cancellationToken).ConfigureAwait(false))
            {
                await groups.CreateOrUpdateAsync(
                    Azure.WaitUntil.Completed, State.ResourceGroupName, new ResourceGroupData(State.Location), cancellationToken).ConfigureAwait(false);
            }

            _hasGroup = true;
            return group;
        }
        finally
        {
            _groupGate.Release();
        }
    }

    private static FabricException NotRunning(string home) => new(
        ErrorCode.FabricUnreachable, home, $"No fabric runs in '{home}': it has no '{Path.Combine("fabric", "fabric.json")}'.",
        "Start it with Start-LocalFabric, or connect to Azure with Connect-Fabric -Azure.");

    private static string ReadToken(string path)
    {
        try
        {
            return File.ReadAllText(path).Trim();
        }
        catch (Exception failure) when (failure is IOException or UnauthorizedAccessException)
        {
            throw new FabricException(
                ErrorCode.AuthenticationFailed, path, $"The fabric's token '{path}' cannot be read: {failure.Message}",
                "Use the account that started the fabric.", failure);
        }
    }
}
