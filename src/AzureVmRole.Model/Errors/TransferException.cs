namespace AzureVmRole;

/// <summary>A store refused a request, could not be reached, or holds something else than expected.</summary>
public sealed class TransferException : AzureVmRoleException
{
    /// <summary>Makes an error about a blob or a store.</summary>
    /// <param name="code">The stable error id.</param>
    /// <param name="target">The blob or the store as the user knows it: a name or a URI without a signature.</param>
    /// <param name="message">What, where, found versus expected. Holds no secrets.</param>
    /// <param name="recommendedAction">What to do, in imperative form, or null.</param>
    /// <param name="innerException">The cause, or null.</param>
    public TransferException(
        ErrorCode code, string target, string message, string? recommendedAction = null, Exception? innerException = null)
        : base(code, message, target, recommendedAction, innerException)
    {
    }

    /// <summary>The HTTP status that the service answered; null when there was no answer or no service.</summary>
    public int? Status { get; init; }

    /// <summary>The service's own error code, such as <c>LeaseIdMissing</c>; null when there is none.</summary>
    public string? ServiceCode { get; init; }

    /// <summary>The service's id of the request, for its support; null when there is none.</summary>
    public string? RequestId { get; init; }
}
