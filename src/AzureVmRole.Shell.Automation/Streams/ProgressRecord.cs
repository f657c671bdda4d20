namespace System.Management.Automation;

/// <summary>How far an activity has come.</summary>
public sealed class ProgressRecord
{
    private int _percentComplete = -1;

    /// <summary>Describes an activity.</summary>
    public ProgressRecord(int activityId, string activity, string statusDescription)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(activityId);
        ArgumentException.ThrowIfNullOrEmpty(activity);
        ArgumentException.ThrowIfNullOrEmpty(statusDescription);
        ActivityId = activityId;
        Activity = activity;
        StatusDescription = statusDescription;
    }

    /// <summary>The number that joins the records of one activity.</summary>
    public int ActivityId { get; }

    /// <summary>The activity that this one is part of; -1 when there is none.</summary>
    public int ParentActivityId { get; set; } = -1;

    /// <summary>What is being done.</summary>
    public string Activity { get; set; }

    /// <summary>Where it stands.</summary>
    public string StatusDescription { get; set; }

    /// <summary>The present step; null when it is not told.</summary>
    public string? CurrentOperation { get; set; }

    /// <summary>How much is done, 0 to 100; -1 when it is not known.</summary>
    public int PercentComplete
    {
        get => _percentComplete;
        set
        {
            ArgumentOutOfRangeException.ThrowIfGreaterThan(value, 100);
            _percentComplete = value;
        }
    }

    /// <summary>The time left in seconds; -1 when it is not known.</summary>
    public int SecondsRemaining { get; set; } = -1;

    /// <summary>Whether the activity goes on or has ended.</summary>
    public ProgressRecordType RecordType { get; set; }

    /// <inheritdoc/>
    public override string ToString() => $"{Activity}: {StatusDescription} ({PercentComplete} %)";
}
