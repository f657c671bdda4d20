namespace System.Management.Automation;

/// <summary>What stands behind a <see cref="PSObject"/> that has added properties only.</summary>
public sealed class PSCustomObject
{
    internal PSCustomObject()
    {
    }

    /// <inheritdoc/>
    public override string ToString() => "";
}
