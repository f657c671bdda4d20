namespace AzureVmRole.Engine.Tests.Cleanup;

/// <summary>What others may do to a blob while it is being removed.</summary>
public enum WorldEvent
{
    ReferenceNoted,
    LeaseTaken,
    LeaseBrokenAndTaken,
    LeaseTakenAndGivenBack,
    Rewritten,
    Recreated,
    Protected,
    SnapshotTaken,
    CopiedOver,
    DifferencePublished,
    Deleted,
    ListingCut,
    ClockJumpsBack,
    ClockJumpsAhead,
}
