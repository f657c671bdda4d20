namespace AzureVmRole;

/// <summary>A disk file breaks the rules of its format.</summary>
public sealed class DiskFormatException : AzureVmRoleException
{
    /// <summary>Makes an error about one field of a disk file.</summary>
    /// <param name="code">The stable error id.</param>
    /// <param name="path">The disk file.</param>
    /// <param name="field">The field, in the words of the format's specification.</param>
    /// <param name="fileOffset">Where the field is, in bytes from the start of the file.</param>
    /// <param name="message">What was found and what was expected.</param>
    /// <param name="recommendedAction">What to do, in imperative form, or null.</param>
    /// <param name="innerException">The cause, or null.</param>
    public DiskFormatException(
        ErrorCode code,
        string path,
        string field,
        long fileOffset,
        string message,
        string? recommendedAction = null,
        Exception? innerException = null)
        : base(code, message, path, recommendedAction, innerException)
    {
        Field = field;
        FileOffset = fileOffset;
    }

    /// <summary>Where the field is, in bytes from the start of the file.</summary>
    public long FileOffset { get; }

    /// <summary>The field, in the words of the format's specification.</summary>
    public string Field { get; }
}
