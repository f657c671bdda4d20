namespace System.Management.Automation;

/// <summary>A message with tags.</summary>
public sealed class InformationRecord
{
    /// <summary>Makes a message.</summary>
    public InformationRecord(object messageData, string source)
    {
        MessageData = messageData;
        Source = source;
    }

    /// <summary>The message.</summary>
    public object MessageData { get; }

    /// <summary>Who wrote it.</summary>
    public string Source { get; set; }

    /// <summary>What marks it.</summary>
    public List<string> Tags { get; } = [];

    /// <summary>When it was written.</summary>
    public DateTime TimeGenerated { get; set; } = TimeProvider.System.GetLocalNow().DateTime;

    /// <inheritdoc/>
    public override string ToString() => MessageData.ToString() ?? "";
}
