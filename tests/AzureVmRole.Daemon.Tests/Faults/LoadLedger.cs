using System.Collections.Concurrent;

namespace AzureVmRole.Daemon.Tests.Faults;

/// <summary>What clients know of a fabric from its answers alone: what must be there, what must be gone, what may remain.</summary>
internal sealed class LoadLedger
{
    private readonly ConcurrentDictionary<string, bool?> _expected = new(StringComparer.OrdinalIgnoreCase);
    private readonly ConcurrentDictionary<string, bool> _kept = new(StringComparer.OrdinalIgnoreCase);
    private readonly ConcurrentDictionary<string, bool> _empty = new(StringComparer.OrdinalIgnoreCase);
    private readonly ConcurrentDictionary<string, int> _outcomes = new(StringComparer.Ordinal);

    /// <summary>By id: true is there, false is gone, null is either.</summary>
    public IReadOnlyDictionary<string, bool?> Expected => _expected;

    /// <summary>How often each refusal and failure came, by code.</summary>
    public IReadOnlyDictionary<string, int> Outcomes => _outcomes;

    /// <summary>Notes what is known of a resource.</summary>
    public void Expect(string id, bool? isThere) => _expected[id] = isThere;

    /// <summary>Notes that the VHD of a resource stays when the resource goes.</summary>
    public void Keep(string name) => _kept[name] = true;

    /// <summary>Whether a VHD that nobody owns may be there; every resource has a name of its own.</summary>
    public bool IsKept(string name) => _kept.ContainsKey(name);

    /// <summary>Notes that a disk has nothing on it, as against the master's content.</summary>
    public void NoteEmpty(string name) => _empty[name] = true;

    /// <summary>Whether a disk has nothing on it.</summary>
    public bool IsEmpty(string name) => _empty.ContainsKey(name);

    /// <summary>Counts an outcome.</summary>
    public void Count(string outcome) => _outcomes.AddOrUpdate(outcome, 1, static (_, count) => count + 1);
}
