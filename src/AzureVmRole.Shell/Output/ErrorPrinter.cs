using System.Management.Automation;
using System.Text;
using System.Text.Encodings.Web;
using System.Text.Json;

namespace AzureVmRole.Shell.Output;

/// <summary>Prints errors as PowerShell's ConciseView does, or as JSON lines.</summary>
internal sealed class ErrorPrinter
{
    private const string Red = "\u001B[31;1m";
    private const string Reset = "\u001B[0m";

    private readonly ITerminal _terminal;
    private readonly OutputFormat _format;

    public ErrorPrinter(ITerminal terminal, OutputFormat format)
    {
        _terminal = terminal;
        _format = format;
    }

    public void Print(ErrorRecord error)
    {
        string text = _format == OutputFormat.Json ? ToJson(error) : ToText(error);
        _terminal.WriteError(text + Environment.NewLine);
    }

    private static string NameOf(ErrorRecord error) =>
        error.InvocationInfo?.MyCommand.Name
        ?? (error.Exception as CommandNotFoundException)?.CommandName
        ?? "azvmrole";

    private string ToText(ErrorRecord error)
    {
        StringBuilder text = new();
        text.Append(NameOf(error)).Append(": ").Append(error);
        if (error.ErrorDetails?.RecommendedAction is { Length: > 0 } action)
        {
            text.AppendLine().Append("  Recommendation: ").Append(action);
        }

        if (error.InvocationInfo is { ScriptName.Length: > 0 } call)
        {
            text.AppendLine().Append("  At ").Append(call.ScriptName).Append(':').Append(call.ScriptLineNumber);
        }

        bool colours = !_terminal.IsErrorRedirected && string.IsNullOrEmpty(Environment.GetEnvironmentVariable("NO_COLOR"));
        return colours ? Red + text + Reset : text.ToString();
    }

    private static string ToJson(ErrorRecord error)
    {
        using MemoryStream stream = new();
        using (Utf8JsonWriter writer = new(
            stream, new JsonWriterOptions { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping }))
        {
            writer.WriteStartObject();
            writer.WriteString("Command", NameOf(error));
            writer.WriteString("Message", error.ToString());
            writer.WriteString("ErrorId", error.FullyQualifiedErrorId);
            writer.WriteString("Category", error.CategoryInfo.Category.ToString());
            writer.WriteString("Target", error.CategoryInfo.TargetName);
            writer.WriteString("RecommendedAction", error.ErrorDetails?.RecommendedAction);
            writer.WriteNumber("Line", error.InvocationInfo?.ScriptLineNumber ?? 0);
            writer.WriteEndObject();
        }

        return Encoding.UTF8.GetString(stream.ToArray());
    }
}
