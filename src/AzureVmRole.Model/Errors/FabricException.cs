using System.Net;

namespace AzureVmRole;

/// <summary>
/// Azure Resource Manager, or the local fabric in its place, cannot do something. Carries the HTTP status and the error code of the ARM
/// dialect; <see cref="AzureVmRoleException.Code"/> follows from them.
/// </summary>
public sealed class FabricException : AzureVmRoleException
{
    /// <summary>Makes an error of the ARM dialect.</summary>
    /// <param name="status">The HTTP status of the answer.</param>
    /// <param name="azureCode">Azure's error code where Azure has one: <c>ResourceNotFound</c>, <c>AllocationFailed</c>.</param>
    /// <param name="target">What it is about: a resource's name or id, or a field of the request.</param>
    /// <param name="message">What, where, found versus expected.</param>
    /// <param name="recommendedAction">What to do, in imperative form, or null.</param>
    /// <param name="innerException">The cause, or null.</param>
    public FabricException(
        HttpStatusCode status, string azureCode, string target, string message, string? recommendedAction = null, Exception? innerException = null)
        : base(FabricErrors.CodeFor(status, azureCode), message, target, recommendedAction, innerException)
    {
        Status = status;
        AzureCode = azureCode;
    }

    /// <summary>Makes an error about the fabric itself, or the way to it.</summary>
    /// <param name="code">The stable error id.</param>
    /// <param name="target">What it is about: a home folder, an endpoint.</param>
    /// <param name="message">What, where, found versus expected.</param>
    /// <param name="recommendedAction">What to do, in imperative form, or null.</param>
    /// <param name="innerException">The cause, or null.</param>
    public FabricException(
        ErrorCode code, string target, string message, string? recommendedAction = null, Exception? innerException = null)
        : base(code, message, target, recommendedAction, innerException)
    {
        Status = HttpStatusCode.InternalServerError;
        AzureCode = "InternalServerError";
    }

    /// <summary>The HTTP status of the answer.</summary>
    public HttpStatusCode Status { get; }

    /// <summary>The error code in Azure's words.</summary>
    public string AzureCode { get; }

    /// <summary>The errors that this one is made of; empty for most.</summary>
    public IReadOnlyList<FabricException> Details { get; init; } = [];
}
