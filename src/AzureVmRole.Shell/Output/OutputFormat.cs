namespace AzureVmRole.Shell.Output;

/// <summary>How objects are printed.</summary>
internal enum OutputFormat
{
    /// <summary>Tables and lists, for people.</summary>
    Text,

    /// <summary>A JSON array per pipeline, for programs; errors are JSON lines on standard error.</summary>
    Json,
}
