namespace AzureVmRole;

/// <summary>A list that the module keeps or was given (a removal plan, a reference file) is wrong or no longer true.</summary>
public sealed class CatalogueException : AzureVmRoleException
{
    /// <summary>Makes an error about a list.</summary>
    /// <param name="code">The stable error id.</param>
    /// <param name="target">The file or the item of it.</param>
    /// <param name="message">What, where, found versus expected.</param>
    /// <param name="recommendedAction">What to do, in imperative form, or null.</param>
    /// <param name="innerException">The cause, or null.</param>
    public CatalogueException(
        ErrorCode code, string target, string message, string? recommendedAction = null, Exception? innerException = null)
        : base(code, message, target, recommendedAction, innerException)
    {
    }
}
