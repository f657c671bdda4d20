using System.Collections;
using System.Globalization;
using System.Management.Automation;
using System.Text;

namespace AzureVmRole.Shell.Formatting;

/// <summary>Turns a property's value into the text of a table or a list.</summary>
internal static class ValueText
{
    // $FormatEnumerationLimit of PowerShell.
    private const int ElementLimit = 4;

    public static string Of(PSObject value, ViewColumn column)
    {
        object? content = value.Properties[column.PropertyName]?.Value;
        object? plain = PSObject.Unwrap(content);
        return column.FormatString is { Length: > 0 } format && plain is not null
            ? string.Format(CultureInfo.InvariantCulture, format, plain)
            : Of(plain);
    }

    /// <summary>Whether PowerShell aligns the value to the right: numbers, and enumeration values too.</summary>
    public static bool IsNumber(PSObject value, ViewColumn column) =>
        PSObject.Unwrap(value.Properties[column.PropertyName]?.Value) is { } content
        && (content is Enum || LanguagePrimitives.IsNumeric(content.GetType()));

    /// <summary>Whether an object is printed as text, not by its properties.</summary>
    public static bool IsScalar(object? plain) =>
        plain is null or string or Enum or bool or char or DateTime or DateTimeOffset or TimeSpan or Guid or Uri or Version
        || LanguagePrimitives.IsNumeric(plain.GetType());

    public static string Of(object? plain)
    {
        if (plain is string || LanguagePrimitives.GetEnumerable(plain) is not IEnumerable elements)
        {
            return LanguagePrimitives.ConvertTo<string>(plain);
        }

        StringBuilder text = new("{");
        int count = 0;
        foreach (object? element in elements)
        {
            text.Append(count == 0 ? "" : ", ");
            if (count++ == ElementLimit)
            {
                text.Append('…');
                break;
            }

            text.Append(LanguagePrimitives.ConvertTo<string>(element));
        }

        return text.Append('}').ToString();
    }
}
