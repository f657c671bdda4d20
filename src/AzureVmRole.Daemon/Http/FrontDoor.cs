using System.Net;
using AzureVmRole.Daemon.Arm;
using AzureVmRole.Daemon.Endpoints;
using AzureVmRole.Daemon.Logging;
using Microsoft.AspNetCore.Connections;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Logging;

namespace AzureVmRole.Daemon.Http;

/// <summary>Takes every request: admits it, finds what answers, turns what is thrown into an answer, and notes it in the audit log.</summary>
internal sealed partial class FrontDoor(FabricDoor door, RouteTable routes, RequestGuard guard, AuditLog audit, TimeProvider clock, ILogger<FrontDoor> log)
{
    private const int ClientClosedRequest = 499;
    private const string RequestIdHeader = "x-ms-request-id";
    private const string CorrelationIdHeader = "x-ms-correlation-request-id";
    private const string ClientRequestIdHeader = "x-ms-client-request-id";

    /// <summary>Answers a request.</summary>
    public async Task HandleAsync(HttpContext context)
    {
        long started = clock.GetTimestamp();
        string requestId = Guid.NewGuid().ToString("D");
        string? clientRequestId = ArmRequest.ClientRequestIdOf(context);
        try
        {
            AddHeaders(context, requestId, clientRequestId);
            ArmAnswer answer = await AnswerAsync(context, requestId).ConfigureAwait(false);
            await answer.SendAsync(context.Response, context.RequestAborted).ConfigureAwait(false);
        }
        catch (Exception exception) when (exception is OperationCanceledException or ConnectionResetException or IOException && context.RequestAborted.IsCancellationRequested)
        {
            if (!context.Response.HasStarted)
            {
                context.Response.StatusCode = ClientClosedRequest;
            }
        }
        finally
        {
            audit.Note(context, requestId, clientRequestId, started);
        }
    }

    private async Task<ArmAnswer> AnswerAsync(HttpContext context, string requestId)
    {
        try
        {
            RequestGuard.CheckOrigin(context);
            if (!LoginEndpoints.IsOpen(context))
            {
                guard.CheckToken(context);
            }

            (ArmRequest request, Func<ArmRequest, Task<ArmAnswer>> answer) = routes.Find(ArmRequest.Parse(context));
            return await answer(Checked(request)).ConfigureAwait(false);
        }
        catch (FabricException exception)
        {
            return Refuse(context, exception, requestId);
        }
        catch (BadHttpRequestException exception)
        {
            return ArmAnswer.Error(
                exception.StatusCode == StatusCodes.Status413PayloadTooLarge
                    ? ArmErrors.ContentTooLarge(JsonBody.LongestInBytes)
                    : new FabricException((HttpStatusCode)exception.StatusCode, "BadRequest", "request", exception.Message),
                (HttpStatusCode)exception.StatusCode);
        }
        catch (Exception exception) when (!context.RequestAborted.IsCancellationRequested)
        {
            LogFailure(requestId, exception);
            var error = new FabricException(
                HttpStatusCode.InternalServerError, "InternalServerError", "request", $"The fabric failed. Its log tells more about '{requestId}'.");
            return ArmAnswer.Error(error, HttpStatusCode.InternalServerError);
        }
    }

    private ArmAnswer Refuse(HttpContext context, FabricException exception, string requestId)
    {
        HttpStatusCode status = ErrorStatuses.Of(exception);
        if (status == HttpStatusCode.InternalServerError)
        {
            LogFailure(requestId, exception);
        }

        var answer = ArmAnswer.Error(exception, status);
        if (status == HttpStatusCode.MethodNotAllowed && exception.Message.Split("Allowed: ") is [_, var allowed])
        {
            context.Response.Headers.Allow = allowed.TrimEnd('.');
        }

        return answer;
    }

    /// <summary>The request with subscription and location in the fabric's own spelling.</summary>
    private ArmRequest Checked(ArmRequest request)
    {
        if (request.Parts[0].Equals(FabricEndpoints.Root, StringComparison.OrdinalIgnoreCase) || LoginEndpoints.IsOpen(request.Http))
        {
            return request;
        }

        if (request.ApiVersion.Length == 0)
        {
            throw ArmErrors.MissingApiVersion();
        }

        var values = new Dictionary<string, string>(request.Values, StringComparer.Ordinal);
        if (values.TryGetValue("subscription", out string? subscription))
        {
            values["subscription"] = subscription.Equals(door.Options.SubscriptionId, StringComparison.OrdinalIgnoreCase)
                ? door.Options.SubscriptionId
                : throw (Guid.TryParse(subscription, out _) ? ArmErrors.SubscriptionNotFound(subscription) : ArmErrors.InvalidSubscriptionId(subscription));
        }

        if (values.TryGetValue("location", out string? location))
        {
            values["location"] = door.Options.Locations.FirstOrDefault(known => known.Equals(location.Replace(" ", "", StringComparison.Ordinal), StringComparison.OrdinalIgnoreCase))
                ?? throw ArmErrors.LocationNotFound(location, door.Options.Locations);
        }

        return request.With(values);
    }

    private static void AddHeaders(HttpContext context, string requestId, string? clientRequestId)
    {
        IHeaderDictionary headers = context.Response.Headers;
        headers[RequestIdHeader] = requestId;
        headers[CorrelationIdHeader] = context.Request.Headers[CorrelationIdHeader].ToString() is { Length: > 0 and <= 128 } given ? given : requestId;
        if (clientRequestId is { Length: <= 128 } && "true".Equals(context.Request.Headers["x-ms-return-client-request-id"], StringComparison.OrdinalIgnoreCase))
        {
            headers[ClientRequestIdHeader] = clientRequestId;
        }

        headers.CacheControl = "no-store";
        headers["X-Content-Type-Options"] = "nosniff";
    }

    [LoggerMessage(EventId = 500, Level = LogLevel.Error, Message = "Request {RequestId} failed.")]
    private partial void LogFailure(string requestId, Exception exception);
}
