namespace System.Management.Automation;

/// <summary>A property that was added to an object.</summary>
public sealed class PSNoteProperty : PSPropertyInfo
{
    /// <summary>Makes a property.</summary>
    public PSNoteProperty(string name, object? value)
        : base(name)
    {
        Value = value;
    }

    /// <inheritdoc/>
    public override object? Value { get; set; }

    /// <inheritdoc/>
    public override string TypeNameOfValue => Value?.GetType().FullName ?? "System.Object";

    /// <inheritdoc/>
    public override bool IsGettable => true;

    /// <inheritdoc/>
    public override bool IsSettable => true;
}
