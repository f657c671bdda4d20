namespace AzureVmRole.Engine.Tests.Storage.Publishing;

/// <summary>A clock on which eleven seconds pass between any two looks; its timers are real ones.</summary>
internal sealed class HastyClock : TimeProvider
{
    private long _looks;

    public override long TimestampFrequency => 1;

    public override long GetTimestamp() => 11 * Interlocked.Increment(ref _looks);
}
