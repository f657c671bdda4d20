namespace System.Management.Automation;

/// <summary>Things that a session knows by their identifiers.</summary>
public abstract class Repository<T>
    where T : class
{
    private readonly List<T> _items = [];

    /// <summary>Makes one thing known.</summary>
    public void Add(T item) => _items.Add(item);
}
