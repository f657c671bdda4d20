using System.Text.RegularExpressions;

namespace System.Management.Automation;

/// <summary>Checks a value against a regular expression.</summary>
public sealed class ValidatePatternAttribute : ValidateEnumeratedArgumentsAttribute
{
    private static readonly TimeSpan Limit = TimeSpan.FromSeconds(5);

    /// <summary>Allows what <paramref name="regexPattern"/> matches.</summary>
    public ValidatePatternAttribute(string regexPattern)
    {
        RegexPattern = regexPattern;
    }

    /// <summary>The regular expression.</summary>
    public string RegexPattern { get; }

    /// <summary>How it is matched. Case is ignored by default.</summary>
    public RegexOptions Options { get; set; } = RegexOptions.IgnoreCase;

    /// <summary>The message when it does not match: {0} is the value, {1} the pattern. Null takes the usual one.</summary>
    public string? ErrorMessage { get; set; }

    /// <inheritdoc/>
    protected override void ValidateElement(object? element)
    {
        string text = LanguagePrimitives.ConvertTo<string>(element);
        if (Regex.IsMatch(text, RegexPattern, Options, Limit))
        {
            return;
        }

        throw new ValidationMetadataException(ErrorMessage is null
            ? $"The argument \"{text}\" does not match the \"{RegexPattern}\" pattern. "
                + $"Supply an argument that matches \"{RegexPattern}\" and try the command again."
            : string.Format(Globalization.CultureInfo.InvariantCulture, ErrorMessage, text, RegexPattern));
    }
}
