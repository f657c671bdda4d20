using System.Collections;
using System.Globalization;
using System.Management.Automation;
using System.Text;
using System.Text.Encodings.Web;
using System.Text.Json;

namespace AzureVmRole.Shell.Formatting;

/// <summary>Writes objects as JSON: properties as scripts see them, to a depth, as ConvertTo-Json does.</summary>
internal sealed class JsonText
{
    private readonly Utf8JsonWriter _writer;
    private readonly int _depth;
    private readonly bool _enumsAsStrings;

    private JsonText(Utf8JsonWriter writer, int depth, bool enumsAsStrings)
    {
        _writer = writer;
        _depth = depth;
        _enumsAsStrings = enumsAsStrings;
    }

    /// <summary>Returns a value as JSON.</summary>
    /// <param name="value">The value.</param>
    /// <param name="depth">How many levels of objects below the first are written; deeper ones become text.</param>
    /// <param name="compress">Whether to write one line.</param>
    /// <param name="enumsAsStrings">Whether enumeration values are written as names, not numbers.</param>
    public static string Write(object? value, int depth, bool compress, bool enumsAsStrings)
    {
        using MemoryStream stream = new();
        JsonWriterOptions options = new()
        {
            Indented = !compress,
            Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping,
            NewLine = Environment.NewLine,
        };
        using (Utf8JsonWriter writer = new(stream, options))
        {
            new JsonText(writer, depth, enumsAsStrings).WriteValue(value, level: 0);
        }

        return Encoding.UTF8.GetString(stream.ToArray());
    }

    private void WriteValue(object? value, int level)
    {
        object? plain = PSObject.Unwrap(value);
        switch (plain)
        {
            case null:
                _writer.WriteNullValue();
                break;
            case Enum when !_enumsAsStrings:
                _writer.WriteRawValue(Number(Convert.ToDecimal(plain, CultureInfo.InvariantCulture)));
                break;
            case bool flag:
                _writer.WriteBooleanValue(flag);
                break;
            case SwitchParameter flag when _enumsAsStrings:
                _writer.WriteBooleanValue(flag);
                break;
            case DateTime or DateTimeOffset:
                _writer.WriteStringValue(((IFormattable)plain).ToString("O", CultureInfo.InvariantCulture));
                break;
            case double or float when !double.IsFinite(Convert.ToDouble(plain, CultureInfo.InvariantCulture)):
            case string or char or Guid or Uri or Enum or Version or Type:
                _writer.WriteStringValue(LanguagePrimitives.ConvertTo<string>(plain));
                break;
            case IFormattable number when LanguagePrimitives.IsNumeric(plain.GetType()):
                _writer.WriteRawValue(number.ToString(format: null, CultureInfo.InvariantCulture));
                break;
            default:
                WriteObject(value!, plain, level);
                break;
        }
    }

    private void WriteObject(object value, object plain, int level)
    {
        if (level > _depth)
        {
            _writer.WriteStringValue(LanguagePrimitives.ConvertTo<string>(plain));
            return;
        }

        switch (plain)
        {
            case IDictionary dictionary:
                WriteDictionary(dictionary, level);
                break;
            case IEnumerable elements:
                _writer.WriteStartArray();
                foreach (object? element in elements)
                {
                    WriteValue(element, level + 1);
                }

                _writer.WriteEndArray();
                break;
            default:
                WriteProperties(PSObject.AsPSObject(value), level);
                break;
        }
    }

    private void WriteDictionary(IDictionary dictionary, int level)
    {
        _writer.WriteStartObject();
        foreach (DictionaryEntry entry in dictionary)
        {
            _writer.WritePropertyName(LanguagePrimitives.ConvertTo<string>(entry.Key));
            WriteValue(entry.Value, level + 1);
        }

        _writer.WriteEndObject();
    }

    private void WriteProperties(PSObject wrapper, int level)
    {
        _writer.WriteStartObject();
        foreach (PSPropertyInfo property in wrapper.Properties)
        {
            _writer.WritePropertyName(property.Name);
            WriteValue(property.Value, level + 1);
        }

        _writer.WriteEndObject();
    }

    private static string Number(decimal value) => value.ToString(CultureInfo.InvariantCulture);
}
