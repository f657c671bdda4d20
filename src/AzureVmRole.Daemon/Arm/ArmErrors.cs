using System.Net;
using AzureVmRole.Fabric.Resources;

namespace AzureVmRole.Daemon.Arm;

/// <summary>The refusals of Azure Resource Manager itself, in its words; those of the resources come from the fabric.</summary>
internal static class ArmErrors
{
    public static FabricException InvalidPath(string reason) =>
        new(HttpStatusCode.BadRequest, "InvalidRequestUri", "path", $"The path of the request {reason}.", "Encode each part of the path once, and by itself.");

    public static FabricException MissingApiVersion() => new(
        HttpStatusCode.BadRequest, "MissingApiVersionParameter", "api-version", "The api-version query parameter (?api-version=) is required for all requests.");

    public static FabricException InvalidParameter(string name, string message) => new(HttpStatusCode.BadRequest, "InvalidParameter", name, message);

    public static FabricException InvalidContent(string message) => new(HttpStatusCode.BadRequest, "InvalidRequestContent", "body", message);

    public static FabricException ContentTooLarge(int longestInBytes) => new(
        HttpStatusCode.RequestEntityTooLarge, "RequestContentTooLarge", "body",
        $"The request content size exceeds the maximum size of {longestInBytes >> 20} MB.");

    public static FabricException UnsupportedMediaType(string found) => new(
        HttpStatusCode.UnsupportedMediaType, "UnsupportedMediaType", "Content-Type",
        $"The content media type '{found}' is not supported. Only 'application/json' is supported.");

    public static FabricException InvalidHost(string found) => new(
        HttpStatusCode.BadRequest, "InvalidHostName", "Host", $"The Host header is '{found}', expected localhost, 127.0.0.1 or [::1].");

    public static FabricException NotLoopback() => new(
        HttpStatusCode.Forbidden, "AuthorizationFailed", "address", "The request does not come from this machine.");

    public static FabricException AuthenticationFailed(bool isGiven) => new(
        HttpStatusCode.Unauthorized, "AuthenticationFailed", "Authorization",
        isGiven
            ? "Authentication failed. The bearer token is not this fabric's."
            : "Authentication failed. The 'Authorization' header is missing or is no bearer token.",
        "Send the token of the file 'fabric/token' in the fabric's home folder.");

    public static FabricException Throttled() => new(
        HttpStatusCode.TooManyRequests, "TooManyRequests", "requests", "There are more requests than this fabric answers.", "Wait for the time that Retry-After names.");

    public static FabricException Stopping() => new(
        HttpStatusCode.ServiceUnavailable, "ServerStopping", "fabric", "The fabric is being stopped. The operation goes on when it is started again.");

    public static FabricException UnknownPath() => new(
        HttpStatusCode.NotFound, "NotFound", "path", "No resource or operation has this path.");

    public static FabricException MethodNotAllowed(string method, IEnumerable<string> allowed) => new(
        HttpStatusCode.MethodNotAllowed, "MethodNotAllowed", "method",
        $"The method '{method}' is not allowed here. Allowed: {string.Join(", ", allowed)}.");

    public static FabricException SubscriptionNotFound(string id) => new(
        HttpStatusCode.NotFound, "SubscriptionNotFound", id, $"The subscription '{id}' could not be found.");

    public static FabricException InvalidSubscriptionId(string id) => new(
        HttpStatusCode.BadRequest, "InvalidSubscriptionId", id, $"The provided subscription identifier '{id}' is malformed or invalid.");

    public static FabricException LocationNotFound(string name, IEnumerable<string> known) => new(
        HttpStatusCode.NotFound, "NoRegisteredProviderFound", name,
        $"No registered resource provider found for location '{name}'. The supported locations are '{string.Join(", ", known)}'.");

    public static FabricException InvalidNamespace(string name) => new(
        HttpStatusCode.NotFound, "InvalidResourceNamespace", name, $"The resource namespace '{name}' is invalid.");

    public static FabricException InvalidType(string @namespace, string name, string apiVersion) => new(
        HttpStatusCode.NotFound, "InvalidResourceType", name,
        $"The resource type '{name}' could not be found in the namespace '{@namespace}' for api version '{apiVersion}'.");

    public static FabricException InvalidGroupName(string name, string rule) => new(
        HttpStatusCode.BadRequest, "InvalidResourceGroup", name, $"The provided resource group name '{name}' is not valid: {rule}.");

    public static FabricException InvalidResourceName(string name, string rule) => new(
        HttpStatusCode.BadRequest, "InvalidResourceName", name, $"The provided resource name '{name}' is not valid: {rule}.");

    public static FabricException OperationNotFound(string id) => new(
        HttpStatusCode.NotFound, "NotFound", id, $"The operation '{id}' could not be found: there was none, or it ended long ago.");

    public static FabricException PlatformImageNotFound() => new(
        HttpStatusCode.NotFound, "PlatformImageNotFound", "imageReference", "The local fabric has no marketplace.", "Register a VHD of your own as an image.");

    public static FabricException ResourceNotFound(ResourceId id) => id.Type == ResourceType.ResourceGroups
        ? new(HttpStatusCode.NotFound, "ResourceGroupNotFound", id.Name, $"Resource group '{id.Name}' could not be found.")
        : new(
            HttpStatusCode.NotFound, "ResourceNotFound", id.Name,
            $"The Resource '{id.Type.FullName}/{id.Name}' under resource group '{id.GroupName}' was not found.");
}
