using System.Globalization;

namespace AzureVmRole.Fabric.Guests.Wire;

/// <summary>What the wire server and the host plug-in know of one guest. Every member may be used from any thread.</summary>
/// <param name="identity">The guest.</param>
/// <param name="clock">Says when a signal came.</param>
/// <param name="tell">Told of each contact, on the thread that answers it; must not throw.</param>
/// <param name="incarnation">Of the goal state, from 1.</param>
internal sealed class WireState(GuestIdentity identity, TimeProvider clock, Action<GuestSignal> tell, int incarnation = 1)
{
    /// <summary>The address of the wire server and the host plug-in.</summary>
    public const string Address = "168.63.129.16";

    private const int MostProperties = 16;
    private const int LongestValue = 1024;

    private readonly Lock _lock = new();
    private readonly Dictionary<string, string> _properties = new(StringComparer.Ordinal);
    private readonly Lazy<TenantCertificate> _certificate = new(() => TenantCertificate.Make(clock));
    private GuestIdentity _identity = identity;
    private GuestStatus? _status;
    private int _incarnation = incarnation;

    /// <summary>The guest; set when something about it changed.</summary>
    public GuestIdentity Identity
    {
        get => Volatile.Read(ref _identity);
        set => Volatile.Write(ref _identity, value);
    }

    /// <summary>The goal state's number.</summary>
    public int Incarnation => Volatile.Read(ref _incarnation);

    /// <summary>What the agent last put as its status; null before it did.</summary>
    public GuestStatus? Status
    {
        get => Volatile.Read(ref _status);
        set => Volatile.Write(ref _status, value);
    }

    /// <summary>What the guest said about its role: the thumbprint of its certificate for remote desktops or of its SSH host key.</summary>
    public IReadOnlyDictionary<string, string> Properties
    {
        get
        {
            lock (_lock)
            {
                return new Dictionary<string, string>(_properties, StringComparer.Ordinal);
            }
        }
    }

    /// <summary>The certificate that the guest's secrets would be encrypted for; made when it is first needed (about 0.1 s).</summary>
    public TenantCertificate Certificate => _certificate.Value;

    /// <summary>The name of the role instance: what agents send back as their own.</summary>
    public string RoleInstance => $"{Identity.InstanceId}._{Identity.Name}";

    /// <summary>The name of the configuration: agents send it to the host plug-in.</summary>
    public string ConfigName => string.Create(CultureInfo.InvariantCulture, $"{Identity.InstanceId}.{Incarnation}.{Identity.InstanceId}.{Incarnation}._{Identity.Name}.1.xml");

    /// <summary>Makes a new goal state, which has agents fetch everything again.</summary>
    /// <returns>Its number.</returns>
    public int Advance() => Interlocked.Increment(ref _incarnation);

    /// <summary>Notes a property; the oldest ones stay when there are too many.</summary>
    public void Note(string name, string value)
    {
        lock (_lock)
        {
            if (_properties.Count < MostProperties || _properties.ContainsKey(name))
            {
                _properties[name] = GuestText.Clean(value, LongestValue) ?? "";
            }
        }
    }

    /// <summary>Tells of a contact.</summary>
    public void Tell(GuestSignalKind kind, GuestAgent agent, string? subStatus = null, string? description = null) =>
        tell(new GuestSignal(kind, clock.GetUtcNow(), agent.Name, agent.Version, subStatus, description));
}
