namespace AzureVmRole;

/// <summary>An operation on a disk cannot be done: the file, its place, its parent or the wanted change forbids it.</summary>
public sealed class DiskOperationException : AzureVmRoleException
{
    /// <summary>Makes an error about an operation on a disk.</summary>
    /// <param name="code">The stable error id.</param>
    /// <param name="path">The disk file.</param>
    /// <param name="message">What, where, found versus expected.</param>
    /// <param name="recommendedAction">What to do, in imperative form, or null.</param>
    /// <param name="innerException">The cause, or null.</param>
    public DiskOperationException(
        ErrorCode code, string path, string message, string? recommendedAction = null, Exception? innerException = null)
        : base(code, message, path, recommendedAction, innerException)
    {
    }
}
