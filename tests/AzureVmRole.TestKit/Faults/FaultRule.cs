namespace AzureVmRole.TestKit.Faults;

/// <summary>Which requests suffer what. Everything that is not set matches.</summary>
public sealed class FaultRule
{
    private readonly Lock _lock = new();
    private int _seen;
    private int _fired;

    /// <summary>The HTTP method.</summary>
    public string? Method { get; init; }

    /// <summary><c>comp</c> of the query; empty for requests without one.</summary>
    public string? Comp { get; init; }

    /// <summary>What the path ends with: a blob's name.</summary>
    public string? PathEnd { get; init; }

    /// <summary>Anything else that has to hold.</summary>
    public Func<ProxiedRequest, bool>? When { get; init; }

    /// <summary>The first of the matching requests that is treated, counted from 1.</summary>
    public int First { get; init; } = 1;

    /// <summary>How many are treated.</summary>
    public int Count { get; init; } = 1;

    /// <summary>The share of those in question that is treated, drawn from <see cref="Random"/>.</summary>
    public double Probability { get; init; } = 1;

    /// <summary>Where chance comes from; seeded by the test. Needed with a probability.</summary>
    public Random? Random { get; init; }

    /// <summary>What is done to them.</summary>
    public required Fault Fault { get; init; }

    /// <summary>How many were treated so far.</summary>
    public int Fired
    {
        get
        {
            lock (_lock)
            {
                return _fired;
            }
        }
    }

    internal bool Fires(ProxiedRequest request)
    {
        bool matches = (Method is null || Method == request.Method)
            && (Comp is null || Comp == request.Comp)
            && (PathEnd is null || request.Path.EndsWith(PathEnd, StringComparison.Ordinal))
            && When?.Invoke(request) != false;
        if (!matches)
        {
            return false;
        }

        lock (_lock)
        {
            if (++_seen < First || _fired >= Count || (Random is not null && Random.NextDouble() >= Probability))
            {
                return false;
            }

            _fired++;
            return true;
        }
    }
}
