using System.Globalization;
using System.Net;
using System.Security.Authentication;
using System.Text.Json;
using Azure;
using Azure.Identity;
using AzureVmRole.Engine.Compute.Connecting;

namespace AzureVmRole.Engine.Compute;

/// <summary>
/// The one place where failures of the SDK become the engine's. No exception of the SDK is kept as a cause: its text repeats the whole answer with its headers.
/// </summary>
internal static class FabricFailures
{
    /// <summary>Asks, and turns failures of the service, the network and the sign-in into the engine's.</summary>
    /// <param name="connection">Who is asked.</param>
    /// <param name="what">What was tried: "create instance", "list".</param>
    /// <param name="target">The resource's name, or what else it is about.</param>
    /// <param name="ask">The question.</param>
    /// <param name="cancellationToken">Ends the work.</param>
    public static async Task<T> AskAsync<T>(
        FabricConnection connection, string what, string target, Func<CancellationToken, Task<T>> ask, CancellationToken cancellationToken)
    {
        try
        {
            return await ask(cancellationToken).ConfigureAwait(false);
        }
        catch (Exception failure) when (IsKnown(failure) && !cancellationToken.IsCancellationRequested)
        {
            throw Map(failure, what, target, connection.State);
        }
    }

    /// <summary>Whether a failure is one of the service, the network or the sign-in; everything else is a defect.</summary>
    public static bool IsKnown(Exception failure) => failure
        is RequestFailedException or AuthenticationFailedException or AggregateException or HttpRequestException or IOException
        or OperationCanceledException or AuthenticationException or JsonException;

    /// <summary>The engine's error for a failure.</summary>
    public static AzureVmRoleException Map(Exception failure, string what, string target, FabricConnectionState state) => failure switch
    {
        AggregateException { InnerExceptions: [.., AzureVmRoleException own] } => own,
        AggregateException { InnerExceptions: [.., Exception last] } => Map(last, what, target, state),
        RequestFailedException answer when answer.Status > 0 || !string.IsNullOrEmpty(answer.ErrorCode) => MapAnswer(answer, what, target, state),
        RequestFailedException { InnerException: { } cause } => Map(cause, what, target, state),
        AuthenticationFailedException => new FabricException(
            HttpStatusCode.Unauthorized, "AuthenticationFailed", target, $"Could not {what} '{target}': Azure AD gave no token.",
            "Sign in (Connect-AzAccount, az login), or give Connect-Fabric an -AccessToken."),
        OperationCanceledException => new FabricException(
            HttpStatusCode.ServiceUnavailable, "ServerTimeout", target, $"Could not {what} '{target}': no answer in time, also after retries.",
            "Try again later."),
        JsonException => new FabricException(
            ErrorCode.FabricFailed, target, $"Could not {what} '{target}': the answer is none that Azure Resource Manager gives.",
            "See whether something else answers at that address."),
        _ => Unreachable(failure, what, target, state),
    };

    private static FabricException Unreachable(Exception failure, string what, string target, FabricConnectionState state) => new(
        ErrorCode.FabricUnreachable, target,
        $"Could not {what} '{target}': {ReasonOf(failure)} at {state.Endpoint.AbsoluteUri}.",
        state.HomePath is null
            ? "Check the network and the proxy."
            : "See Get-LocalFabric; start it with Start-LocalFabric, and connect again with Connect-Fabric.");

    private static string ReasonOf(Exception failure) => failure switch
    {
        AuthenticationException or HttpRequestException { HttpRequestError: HttpRequestError.SecureConnectionError } =>
            "what answers there does not have the fabric's certificate",
        HttpRequestException { HttpRequestError: HttpRequestError.NameResolutionError } => "the host's name is not known",
        HttpRequestException { HttpRequestError: HttpRequestError.ConnectionError } => "nothing answers",
        _ => "the connection broke off, also after retries,",
    };

    private static FabricException MapAnswer(RequestFailedException answer, string what, string target, FabricConnectionState state)
    {
        HttpStatusCode status = answer.Status is >= 400 and < 600 ? (HttpStatusCode)answer.Status : HttpStatusCode.InternalServerError;
        (string Code, string Text, List<FabricException> Details) error = ReadBody(answer, status, target);
        string code = error.Code.Length > 0 ? error.Code : answer.ErrorCode ?? "";
        string text = error.Text.Length > 0 ? error.Text : "the service does not say why";
        string details = string.Concat(error.Details.Select(detail => " " + detail.Message));
        string note = string.Create(CultureInfo.InvariantCulture, $"{(int)status}{(code.Length > 0 ? " " : "")}{code}");
        return new FabricException(
            status, code, target, $"Could not {what} '{target}': {text.TrimEnd('.')} ({note}).{details}", ActionFor(FabricErrors.CodeFor(status, code), state))
        {
            Details = error.Details,
        };
    }

    private static string? ActionFor(ErrorCode code, FabricConnectionState state) => code switch
    {
        ErrorCode.AuthenticationFailed when state.HomePath is not null => "Connect again with Connect-Fabric: the fabric may have a new token.",
        ErrorCode.AuthenticationFailed => "Sign in again, to the tenant that the subscription belongs to.",
        ErrorCode.AuthorizationFailed => "Ask for the role Contributor on the resource group.",
        ErrorCode.RequestInvalid => "Correct what the message names, and run the command again.",
        ErrorCode.OperationNotAllowed => "See the state with Get-VMInstance or Get-VMDisk, and do what the message says.",
        ErrorCode.FabricFailed when state.HomePath is { } home => $"Try again; then look at '{Path.Combine(home, "fabric", "daemon.log")}'.",
        ErrorCode.FabricFailed => "Try again; then look at the health of Azure.",
        ErrorCode.ResourceNotFound => "Check the name, the resource group (-ResourceGroupName) and Get-FabricConnection.",
        ErrorCode.ResourceConflict => "Give another name, or wait until the other operation has ended.",
        ErrorCode.ResourceInUse => "See who has it: AttachedTo of Get-VMDisk. Detach it first.",
        ErrorCode.ResourceChanged => "Read it again, and repeat the change.",
        ErrorCode.AllocationFailed => "Take a smaller size or another location, or remove instances.",
        ErrorCode.FabricBusy => "Try again later.",
        ErrorCode.ProvisioningFailed => "See the instance's Message, and whether the image was generalised.",
        _ => null,
    };

    // An operation that failed answers 200 with its error inside.
    private static (string Code, string Text, List<FabricException> Details) ReadBody(RequestFailedException answer, HttpStatusCode status, string target)
    {
        try
        {
            if (answer.GetRawResponse()?.Content is { } content && content.ToMemory().Length > 0)
            {
                using var document = JsonDocument.Parse(content);
                if (document.RootElement.ValueKind == JsonValueKind.Object && document.RootElement.TryGetProperty("error", out JsonElement error)
                    && error.ValueKind == JsonValueKind.Object)
                {
                    return (TextOf(error, "code"), TextOf(error, "message"), DetailsOf(error, status, target));
                }
            }
        }
        catch (Exception failure) when (failure is JsonException or InvalidOperationException)
        {
            // A proxy's page: the status has to say it.
        }

        return ("", "", []);
    }

    private static List<FabricException> DetailsOf(JsonElement error, HttpStatusCode status, string target) =>
        error.TryGetProperty("details", out JsonElement details) && details.ValueKind == JsonValueKind.Array
            ? [.. details.EnumerateArray()
                .Where(detail => detail.ValueKind == JsonValueKind.Object)
                .Select(detail => new FabricException(status, TextOf(detail, "code"), target, TextOf(detail, "message")))]
            : [];

    private static string TextOf(JsonElement element, string name) =>
        element.TryGetProperty(name, out JsonElement value) && value.ValueKind == JsonValueKind.String ? value.GetString() ?? "" : "";
}
