namespace AzureVmRole;

/// <summary>One thing that speaks for or against keeping a blob.</summary>
/// <param name="Code">What it is.</param>
/// <param name="Text">The same in a sentence, with names and times.</param>
public sealed record RetentionReason(RetentionCode Code, string Text)
{
    /// <summary>Whether it keeps the blob.</summary>
    public bool Keeps => Code is not (RetentionCode.Unreferenced or RetentionCode.AbandonedUpload or RetentionCode.FailedCopy);

    /// <inheritdoc/>
    public override string ToString() => Text;
}
