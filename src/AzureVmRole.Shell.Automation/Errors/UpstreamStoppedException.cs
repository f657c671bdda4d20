namespace System.Management.Automation;

/// <summary>
/// A command needs no more input: those before it end, those behind it go on. It lives here because cmdlets let exceptions of
/// this assembly pass and take all others for defects.
/// </summary>
internal sealed class UpstreamStoppedException : PipelineStoppedException
{
    public UpstreamStoppedException(Cmdlet requester)
    {
        Requester = requester;
    }

    /// <summary>The command that needs no more input.</summary>
    public Cmdlet Requester { get; }
}
