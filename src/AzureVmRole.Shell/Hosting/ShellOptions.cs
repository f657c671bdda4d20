using AzureVmRole.Shell.Output;

namespace AzureVmRole.Shell.Hosting;

/// <summary>What the command line asks for.</summary>
internal sealed record ShellOptions
{
    /// <summary>The script file; null when there is none.</summary>
    public string? File { get; init; }

    /// <summary>The commands given as text; null when there are none.</summary>
    public string? Command { get; init; }

    /// <summary>How objects are printed.</summary>
    public OutputFormat OutputFormat { get; init; }

    /// <summary>Whether nobody may be asked.</summary>
    public bool NonInteractive { get; init; }

    /// <summary>Whether only the version is wanted.</summary>
    public bool ShowsVersion { get; init; }

    /// <summary>Whether only the usage is wanted.</summary>
    public bool ShowsHelp { get; init; }
}
