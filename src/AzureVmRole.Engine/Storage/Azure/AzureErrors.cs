using System.Globalization;
using System.Security.Authentication;
using System.Xml;
using Azure;
using Azure.Identity;

namespace AzureVmRole.Engine.Storage.Azure;

/// <summary>
/// The one place where failures of the SDK become the engine's. No exception of the SDK is kept as a cause: its text repeats
/// the service's answer, and an answer about a wrong signature repeats the signature.
/// </summary>
internal sealed class AzureErrors(AzureAuthorization authorization, Func<DateTimeOffset> now)
{
    /// <summary>Whether a failure is one of the service, the network or the authorisation; everything else is a defect.</summary>
    public static bool IsKnown(Exception exception) => exception
        is RequestFailedException or AuthenticationFailedException or AggregateException or HttpRequestException or IOException
        or OperationCanceledException or XmlException or AuthenticationException;

    /// <summary>The engine's error for a failure.</summary>
    /// <param name="exception">What the SDK threw.</param>
    /// <param name="what">What was tried: "read", "write pages of".</param>
    /// <param name="target">The blob, the container or the account, without a signature.</param>
    public TransferException Map(Exception exception, string what, string target) => exception switch
    {
        AggregateException { InnerExceptions: [.., Exception last] } => Map(last, what, target),
        RequestFailedException { Status: > 0 } answer => MapAnswer(answer, what, target),
        RequestFailedException { InnerException: { } cause } => Map(cause, what, target),
        CredentialUnavailableException => NoCredential(what, target),
        AuthenticationFailedException => NoCredential(what, target),
        OperationCanceledException => new TransferException(
            ErrorCode.StoreBusy, target, $"Could not {what} '{target}': no answer in time, also after retries.",
            "Check the network; try again with a smaller -NumberOfThreads on a slow link."),
        HttpRequestException failure => MapNetwork(failure, what, target),
        IOException => Unreachable("the connection broke off, also after retries", what, target),
        AuthenticationException => Unreachable("the server's certificate is not trusted", what, target),
        XmlException or RequestFailedException => new TransferException(
            ErrorCode.StoreAnswerInvalid, target, $"Could not {what} '{target}': the answer is none that a blob service gives.",
            "Check that the address is that of a blob service and that no proxy answers in its place."),
        _ => throw new InvalidOperationException("Ask IsKnown first.", exception),
    };

    /// <summary>The same error, with who holds the lease.</summary>
    public static TransferException NameHolder(TransferException error, string holder) => new(
        error.Code, error.Target.ToString()!, $"{error.Message.TrimEnd('.')}. The holder: {holder}.", error.RecommendedAction)
    {
        Status = error.Status,
        ServiceCode = error.ServiceCode,
        RequestId = error.RequestId,
    };

    private static TransferException NoCredential(string what, string target) => new(
        ErrorCode.AuthenticationFailed, target,
        $"Could not {what} '{target}': no key or signature was given, and Azure AD gave no token.",
        "Sign in (Connect-AzAccount, az login) or give a connection string, a key or a shared access signature.");

    private static TransferException MapNetwork(HttpRequestException failure, string what, string target) => failure.HttpRequestError switch
    {
        HttpRequestError.NameResolutionError => Unreachable("the host's name is not known", what, target),
        HttpRequestError.SecureConnectionError => Unreachable("a secure connection could not be made", what, target),
        HttpRequestError.ConnectionError => Unreachable("nothing answers there", what, target),
        HttpRequestError.ProxyTunnelError => Unreachable("the proxy refuses the connection", what, target),
        HttpRequestError.InvalidResponse or HttpRequestError.HttpProtocolError => new TransferException(
            ErrorCode.StoreAnswerInvalid, target, $"Could not {what} '{target}': the answer is no valid HTTP.", "Check the address and the proxy."),
        _ => Unreachable("the connection broke off, also after retries", what, target),
    };

    private static TransferException Unreachable(string reason, string what, string target) => new(
        ErrorCode.StoreUnreachable, target, $"Could not {what} '{target}': {reason}.",
        "Check the account's name, the network, the proxy and the account's firewall.");

    private TransferException MapAnswer(RequestFailedException answer, string what, string target)
    {
        string? serviceCode = string.IsNullOrEmpty(answer.ErrorCode) ? null : answer.ErrorCode;
        ErrorCode code = answer.Status == 403 && IsVague(answer, serviceCode) && IsProbablyUnknown()
            ? ErrorCode.AuthenticationFailed
            : AzureErrorCodes.Find(answer.Status, serviceCode);
        (string reason, string? action) = code switch
        {
            ErrorCode.AuthenticationFailed => ExplainAuthentication(),
            ErrorCode.AuthorizationFailed => ExplainAuthorization(serviceCode),
            _ => AzureErrorCodes.Explain(code, serviceCode),
        };
        string status = string.Create(CultureInfo.InvariantCulture, $"{answer.Status}{(serviceCode is null ? "" : " ")}{serviceCode}");
        return new TransferException(code, target, $"Could not {what} '{target}': {reason} ({status}).", action)
        {
            Status = answer.Status,
            ServiceCode = serviceCode,
            RequestId = answer.GetRawResponse()?.Headers.RequestId,
        };
    }

    /// <summary>Answers to HEAD may say no code, and Azurite says AuthorizationFailure for a wrong key, which in Azure means the firewall.</summary>
    private static bool IsVague(RequestFailedException answer, string? serviceCode) => serviceCode is null
        || (serviceCode == "AuthorizationFailure" && answer.GetRawResponse() is { } response && AzureTraffic.IsFromAzurite(response));

    /// <summary>A key may do everything unless it is wrong; a signature that has expired is the reason.</summary>
    private bool IsProbablyUnknown() => authorization.SharedKey is not null || authorization.FindExpiry() <= now();

    private (string Reason, string Action) ExplainAuthentication()
    {
        DateTimeOffset time = now();
        return authorization switch
        {
            { Signature: not null } when authorization.FindExpiry() is { } expiry && expiry <= time =>
                ($"the shared access signature expired at {expiry.UtcDateTime:yyyy-MM-dd HH:mm:ss} UTC", "Ask for a new shared access signature."),
            { Signature: not null } when authorization.FindStart() is { } start && start > time =>
                ($"the shared access signature is valid only from {start.UtcDateTime:yyyy-MM-dd HH:mm:ss} UTC", "Check this machine's clock."),
            { Signature: not null } =>
                ("the service does not accept the shared access signature", "Copy it whole, and quote it; it may also be for another account, or its key may have been renewed."),
            { SharedKey: not null } =>
                ("the service does not accept the account's key", "Copy the account's present key; check this machine's clock."),
            _ => ("the service does not accept the token of Azure AD", "Sign in again, to the tenant that the account belongs to."),
        };
    }

    private (string Reason, string Action) ExplainAuthorization(string? serviceCode) => serviceCode switch
    {
        "AuthorizationSourceIPMismatch" => ("the shared access signature is for another IP address", "Ask for one that this machine may use."),
        "AuthorizationProtocolMismatch" => ("the shared access signature is for https only", "Use an https: address."),
        "AuthorizationServiceMismatch" or "AuthorizationResourceTypeMismatch" =>
            ("the shared access signature does not cover this kind of resource", "Ask for one for the blob service's containers and objects."),
        "KeyBasedAuthenticationNotPermitted" => ("the account allows neither keys nor signatures made with them", "Sign in with Azure AD (az login) and give no key."),
        "AccountIsDisabled" => ("the account is disabled", "Look at the account's state and its subscription's."),
        _ when authorization.Signature is not null =>
            ("the shared access signature does not allow it", "Ask for one with read, write, create, delete, list and tag permissions as needed; check the account's firewall."),
        _ when authorization.Token is not null =>
            ("you may not do this", "Ask for the role Storage Blob Data Contributor on the account or the container; check the account's firewall."),
        _ => ("the account does not allow it from here", "Check the account's firewall and its rules for shared keys."),
    };
}
