namespace System.Management.Automation;

/// <summary>The engine as validation and transformation attributes see it.</summary>
public sealed class EngineIntrinsics
{
    internal EngineIntrinsics(SessionState sessionState)
    {
        SessionState = sessionState;
    }

    /// <summary>The session's paths and locations.</summary>
    public SessionState SessionState { get; }
}
