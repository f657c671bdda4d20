namespace AzureVmRole;

/// <summary>Something that happened while an image was booted.</summary>
/// <param name="After">The time since the start.</param>
/// <param name="Boot">In which boot of the guest, from 1.</param>
/// <param name="What">What, in words.</param>
public sealed record VMImageProofStep(TimeSpan After, int Boot, string What)
{
    /// <inheritdoc/>
    public override string ToString() => FormattableString.Invariant($"{After.TotalSeconds:0.0} s {What}");
}
