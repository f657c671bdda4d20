using System.Net;

namespace AzureVmRole.Fabric.Guests.Http;

/// <summary>A guest sent what is no request, or one that is too long.</summary>
/// <param name="status">What it is answered.</param>
internal sealed class GuestHttpException(HttpStatusCode status) : FormatException($"The guest's request is answered with {(int)status}.")
{
    public HttpStatusCode Status { get; } = status;
}
