namespace AzureVmRole.Shell.Pipelines;

/// <summary>The answer to a confirmation.</summary>
internal enum ConfirmAnswer
{
    /// <summary>Do it.</summary>
    Yes,

    /// <summary>Do it and ask no more.</summary>
    YesToAll,

    /// <summary>Leave it.</summary>
    No,

    /// <summary>Leave it and all that follow.</summary>
    NoToAll,
}
