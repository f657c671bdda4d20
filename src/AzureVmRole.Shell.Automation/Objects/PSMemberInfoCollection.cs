using System.Collections;

namespace System.Management.Automation;

/// <summary>The members of an object.</summary>
/// <typeparam name="T">The kind of member.</typeparam>
public abstract class PSMemberInfoCollection<T> : IEnumerable<T>
    where T : PSMemberInfo
{
    /// <summary>The member of that name, whatever its case; null when there is none.</summary>
    public abstract T? this[string name] { get; }

    /// <summary>Adds a member.</summary>
    public abstract void Add(T member);

    /// <summary>Takes an added member away.</summary>
    public abstract void Remove(string name);

    /// <inheritdoc/>
    public abstract IEnumerator<T> GetEnumerator();

    IEnumerator IEnumerable.GetEnumerator() => GetEnumerator();
}
