namespace AzureVmRole.Shell.Pipelines;

/// <summary>How a pipeline ended.</summary>
internal enum StatementOutcome
{
    /// <summary>It ran to its end; errors may have been written.</summary>
    Completed,

    /// <summary>An error ended it; a script goes on behind it.</summary>
    Failed,

    /// <summary>An error ended it and ends the script: -ErrorAction Stop.</summary>
    ScriptFailed,

    /// <summary>The user stopped it.</summary>
    Stopped,
}
