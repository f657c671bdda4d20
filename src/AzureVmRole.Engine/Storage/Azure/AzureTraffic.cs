using System.Globalization;
using Azure;
using Azure.Core;
using Azure.Core.Pipeline;

namespace AzureVmRole.Engine.Storage.Azure;

/// <summary>Watches every try of every request: what the server is, how it copes, what has to be sent again.</summary>
internal sealed class AzureTraffic(ConcurrencyLimit limit, IOperationLog? log, bool isLoopback) : HttpPipelinePolicy
{
    private const string ServerHeader = "Server";

    private volatile Server _server = isLoopback ? Server.UnknownHere : Server.Unknown;
    private volatile bool _hasAnswered;
    private long _serviceTicks;

    private enum Server
    {
        Unknown,
        UnknownHere,
        Azure,
        Azurite,
    }

    /// <summary>Whether anything has come back from the server yet.</summary>
    public bool HasAnswered => _hasAnswered;

    /// <summary>The server's clock at its last answer, to the second; null when it has not told.</summary>
    public DateTimeOffset? ServiceTime => Interlocked.Read(ref _serviceTicks) is > 0 and var ticks ? new DateTimeOffset(ticks, TimeSpan.Zero) : null;

    /// <summary>Azurite has neither Put Page From URL nor differences of page ranges.</summary>
    public bool IsAzurite => _server == Server.Azurite;

    /// <summary>Azurite takes a Content-MD5 and does not compare it; on this machine nothing can change a body on the way.</summary>
    public bool ChecksMd5 => _server is Server.Azure or Server.Unknown;

    public override void Process(HttpMessage message, ReadOnlyMemory<HttpPipelinePolicy> pipeline)
    {
        Start(message);
        try
        {
            ProcessNext(message, pipeline);
        }
        catch (Exception exception)
        {
            NoteFailure(message, exception);
            throw;
        }

        NoteAnswer(message);
        DropMissingBody(message);
    }

    public override async ValueTask ProcessAsync(HttpMessage message, ReadOnlyMemory<HttpPipelinePolicy> pipeline)
    {
        Start(message);
        try
        {
            await ProcessNextAsync(message, pipeline).ConfigureAwait(false);
        }
        catch (Exception exception)
        {
            NoteFailure(message, exception);
            throw;
        }

        NoteAnswer(message);
        DropMissingBody(message);
    }

    /// <summary>Whether an answer says that the service could not cope, so that the same request may succeed later.</summary>
    public static bool IsBusy(int status) => status is 408 or 429 or 500 or 502 or 503 or 504;

    /// <summary>Azurite names itself and its version.</summary>
    public static bool IsFromAzurite(Response response) =>
        response.Headers.TryGetValue(ServerHeader, out string? name) && name.Contains("Azurite", StringComparison.OrdinalIgnoreCase);

    private static RequestTrace? TraceOf(HttpMessage message) =>
        message.TryGetProperty(RequestTrace.Key, out object? value) ? value as RequestTrace : null;

    /// <summary>The path alone: the query may hold a signature.</summary>
    private static string Describe(HttpMessage message) => string.Create(
        CultureInfo.InvariantCulture, $"{message.Request.Method} {message.Request.Uri.ToUri().AbsolutePath} (try {message.ProcessingContext.RetryNumber + 1})");

    /// <summary>An answer to HEAD may name a type of a body that it never has: the SDK would parse nothing, and lose the status over it.</summary>
    private static void DropMissingBody(HttpMessage message)
    {
        Response response = message.Response;
        if (response is { Status: >= 400, ContentStream: { } body } && (message.Request.Method == RequestMethod.Head || response.Headers.ContentLength == 0))
        {
            response.ContentStream = null;
            body.Dispose();
        }
    }

    private void Start(HttpMessage message)
    {
        if (message.ProcessingContext.RetryNumber == 0 && TraceOf(message) is { IsReadingBody: true })
        {
            log?.WriteDecision($"{Describe(message)}: the answer before broke off; what is missing is asked for again.");
        }
    }

    private void NoteFailure(HttpMessage message, Exception exception)
    {
        if (message.CancellationToken.IsCancellationRequested)
        {
            return;
        }

        if (TraceOf(message) is { } trace)
        {
            trace.HasLostAnswer = true;
        }

        limit.NoteBusyAnswer();
        log?.WriteDecision($"{Describe(message)}: {(exception is OperationCanceledException ? "no answer in time" : "the connection failed")}.");
    }

    private void NoteAnswer(HttpMessage message)
    {
        _hasAnswered = true;
        if (message.Response.Headers.Date is { } date)
        {
            Interlocked.Exchange(ref _serviceTicks, date.UtcTicks);
        }

        NoteServer(message);
        int status = message.Response.Status;
        if (IsBusy(status))
        {
            if (TraceOf(message) is { } trace)
            {
                trace.HasLostAnswer = true;
            }

            limit.NoteBusyAnswer();
            log?.WriteDecision(string.Create(CultureInfo.InvariantCulture, $"{Describe(message)}: the service answers {status}."));
        }
        else if (status < 300)
        {
            limit.NoteGoodAnswer();
        }
    }

    /// <summary>What stands between may answer first, and names itself: only Azurite says that it is Azurite.</summary>
    private void NoteServer(HttpMessage message)
    {
        if (_server == Server.Azurite || !message.Response.Headers.Contains(ServerHeader))
        {
            return;
        }

        if (IsFromAzurite(message.Response))
        {
            _server = Server.Azurite;
        }
        else if (_server is Server.Unknown or Server.UnknownHere)
        {
            _server = Server.Azure;
        }
    }
}
