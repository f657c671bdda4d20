using System.Diagnostics.CodeAnalysis;

namespace AzureVmRole.HelpBuilder;

/// <summary>What the program was called with.</summary>
internal sealed record HelpBuilderOptions
{
    public const string Usage =
        "AzureVmRole.HelpBuilder --cmdlets FILE.dll --references FILE.txt --pages FOLDER --output FOLDER [--error-codes TYPE]";

    /// <summary>The assembly that holds the cmdlets.</summary>
    public required string CmdletAssemblyPath { get; init; }

    /// <summary>A text file with the path of one reference assembly per line: what the cmdlets were compiled against.</summary>
    public required string ReferenceListPath { get; init; }

    /// <summary>The folder of the help pages.</summary>
    public required string PagesFolder { get; init; }

    /// <summary>The folder that gets the help.</summary>
    public required string OutputFolder { get; init; }

    /// <summary>The enum whose names are the error ids a page may list; null leaves them unchecked.</summary>
    public string? ErrorCodeType { get; init; }

    public static bool TryParse(IReadOnlyList<string> arguments, [NotNullWhen(true)] out HelpBuilderOptions? options)
    {
        Dictionary<string, string> values = new(StringComparer.Ordinal);
        for (int index = 0; index + 1 < arguments.Count; index += 2)
        {
            values[arguments[index]] = arguments[index + 1];
        }

        options = arguments.Count % 2 == 0
            && values.Remove("--cmdlets", out string? cmdlets)
            && values.Remove("--references", out string? references)
            && values.Remove("--pages", out string? pages)
            && values.Remove("--output", out string? output)
            ? new HelpBuilderOptions
            {
                CmdletAssemblyPath = cmdlets,
                ReferenceListPath = references,
                PagesFolder = pages,
                OutputFolder = output,
                ErrorCodeType = values.Remove("--error-codes", out string? errorCodes) ? errorCodes : null,
            }
            : null;
        return options is not null && values.Count == 0;
    }
}
