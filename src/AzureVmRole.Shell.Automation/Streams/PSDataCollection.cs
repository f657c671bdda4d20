using System.Collections.ObjectModel;

namespace System.Management.Automation;

/// <summary>What a stream holds until somebody takes it.</summary>
public sealed class PSDataCollection<T> : Collection<T>
{
    /// <summary>Whether who enumerates it sees what is there, instead of waiting for more.</summary>
    public bool EnumeratorNeverBlocks { get; set; }
}
