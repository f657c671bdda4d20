namespace AzureVmRole.Shell.Pipelines;

/// <summary>The stream of a message.</summary>
internal enum MessageKind
{
    /// <summary>What the user should act on.</summary>
    Warning,

    /// <summary>Decisions and retries.</summary>
    Verbose,

    /// <summary>Detail for developers.</summary>
    Debug,

    /// <summary>What -WhatIf would have done.</summary>
    WhatIf,

    /// <summary>Text for the terminal, without a prefix.</summary>
    Host,
}
