namespace AzureVmRole.TestKit.Faults;

/// <summary>
/// What happens to one exchange. The steps are tried in the order of the properties; a step that ends the exchange leaves no
/// others. Offsets count from the first byte of a body; one behind its end means its last byte.
/// </summary>
public sealed record Fault
{
    /// <summary>The connection is reset as soon as the request's head is there: nothing reaches the store.</summary>
    public static Fault Drop { get; } = new() { DropsRequest = true };

    /// <summary>The store does what was asked, and its answer is lost.</summary>
    public static Fault LoseAnswer { get; } = new() { LosesAnswer = true };

    /// <summary>503 ServerBusy.</summary>
    public static Fault Busy { get; } = new() { Answer = new InjectedAnswer(503, "ServerBusy") };

    /// <summary>500 InternalError.</summary>
    public static Fault InternalError { get; } = new() { Answer = new InjectedAnswer(500, "InternalError") };

    /// <summary>403 as a service gives when a shared access signature has expired.</summary>
    public static Fault Expired { get; } = new() { Answer = new InjectedAnswer(403, "AuthenticationFailed") };

    /// <summary>Done first, before anything else happens to the request: a gate to wait at, a change behind the client's back.</summary>
    public Func<ProxiedRequest, CancellationToken, Task>? Before { get; init; }

    /// <summary>The connection is reset when the head has arrived.</summary>
    public bool DropsRequest { get; init; }

    /// <summary>An answer that the proxy gives itself; the request goes nowhere.</summary>
    public InjectedAnswer? Answer { get; init; }

    /// <summary>A byte of the request's body that is inverted on the way.</summary>
    public long? CorruptsRequestAt { get; init; }

    /// <summary>The request's body goes on up to here; then both connections are reset.</summary>
    public long? CutsRequestAt { get; init; }

    /// <summary>The answer is taken from the store and kept from the client, whose connection is reset.</summary>
    public bool LosesAnswer { get; init; }

    /// <summary>The answer's body is sent up to here; then the connection is reset.</summary>
    public long? CutsAnswerAt { get; init; }

    /// <summary>The answer's body is shortened to this, and its Content-Length says so, too.</summary>
    public long? TruncatesAnswerAt { get; init; }

    /// <summary>A byte of the answer's body that is inverted on the way.</summary>
    public long? CorruptsAnswerAt { get; init; }

    /// <summary>A header of the answer that says something else to the client, as "name: value"; null for none.</summary>
    public string? AnswerHeader { get; init; }

    /// <summary>503 ServerBusy that says when to come back.</summary>
    public static Fault BusyFor(int retryAfterSeconds) =>
        new() { Answer = new InjectedAnswer(503, "ServerBusy") { RetryAfterSeconds = retryAfterSeconds } };
}
