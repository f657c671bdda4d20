namespace AzureVmRole.Engine.Cleanup;

/// <summary>A reason as a plan file has it.</summary>
internal sealed record PlanReason
{
    public required RetentionCode Code { get; init; }

    public required string Text { get; init; }
}
