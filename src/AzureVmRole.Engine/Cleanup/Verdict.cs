namespace AzureVmRole.Engine.Cleanup;

/// <summary>What became of judging a blob.</summary>
/// <param name="Reasons">Everything that keeps it, or what makes it an orphan.</param>
/// <param name="LastReference">Who referred to it last; null when nothing is known.</param>
internal readonly record struct Verdict(IReadOnlyList<RetentionReason> Reasons, string? LastReference)
{
    /// <summary>Whether anything keeps the blob.</summary>
    public bool Keeps => Reasons.Any(static reason => reason.Keeps);
}
