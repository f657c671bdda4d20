namespace AzureVmRole;

/// <summary>Takes what an operation has to say while it runs. Called from any thread; texts hold no secrets.</summary>
public interface IOperationLog
{
    /// <summary>A decision or a retry, for those who ask (the verbose stream).</summary>
    void WriteDecision(string text);

    /// <summary>Something that the user should act on (the warning stream).</summary>
    void WriteWarning(string text);
}
