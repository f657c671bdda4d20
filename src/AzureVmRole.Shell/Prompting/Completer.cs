using System.Collections;
using System.Management.Automation;
using System.Management.Automation.Language;
using AzureVmRole.Shell.Binding;
using AzureVmRole.Shell.Hosting;

namespace AzureVmRole.Shell.Prompting;

/// <summary>Completes commands, parameters, their values and paths.</summary>
internal sealed class Completer
{
    private readonly ShellSession _session;

    public Completer(ShellSession session)
    {
        _session = session;
    }

    /// <summary>Returns the completions of the word that ends at the cursor.</summary>
    public CompletionList Complete(string line, int cursor)
    {
        string before = line[..cursor];
        int pipelineStart = before.AsSpan().LastIndexOfAny('|', ';') + 1;
        int start = before.AsSpan().LastIndexOfAny(' ', ',', '|') + 1;
        string word = before[start..];
        string[] words = [.. TypedArguments.SplitWords(before[pipelineStart..start])];
        IEnumerable<string> texts = words.Length == 0 ? CommandNames(word) : Arguments(words, word, before[pipelineStart..]);
        return new CompletionList(start, [.. texts]);
    }

    private IEnumerable<string> CommandNames(string word) => _session.Commands.Commands
        .Select(command => command.Name)
        .Where(name => name.StartsWith(word, StringComparison.OrdinalIgnoreCase))
        .Order(StringComparer.OrdinalIgnoreCase);

    private IEnumerable<string> Arguments(string[] words, string word, string text)
    {
        if (!_session.Commands.TryFind(words[0], out CmdletInfo? command))
        {
            return Files(word);
        }

        CommandDescription description = _session.Commands.Describe(command);
        return word.StartsWith('-')
            ? ParameterNames(description, word[1..])
            : Values(description, words, word, text);
    }

    private static IEnumerable<string> ParameterNames(CommandDescription description, string word) =>
        description.Parameters
            .Where(parameter => !parameter.IsHidden && !CommonParameters.Refuses(parameter.Name))
            .Select(parameter => parameter.Name)
            .Where(name => name.StartsWith(word, StringComparison.OrdinalIgnoreCase))
            .Order(StringComparer.OrdinalIgnoreCase)
            .Select(name => "-" + name);

    private IEnumerable<string> Values(CommandDescription description, string[] words, string word, string text)
    {
        var typed = TypedArguments.Read(description, words);
        Type? type = typed.Next is null ? null : Nullable.GetUnderlyingType(typed.Next.Type) ?? typed.Next.Type;
        if (typed.Next is not { } parameter || type is null)
        {
            return Files(word);
        }

        if (parameter.CompleterType is { } completerType)
        {
            return FromCompleter(completerType, description.Name, parameter.Name, word, text, typed.Values);
        }

        Type single = LanguagePrimitives.ElementTypeOf(type) ?? type;
        string[]? set = single.IsEnum
            ? Enum.GetNames(single)
            : parameter.Validators.OfType<ValidateSetAttribute>().FirstOrDefault()?.ValidValues.ToArray();
        return set?.Where(name => name.StartsWith(word, StringComparison.OrdinalIgnoreCase)) ?? Files(word);
    }

    private static IEnumerable<string> FromCompleter(
        Type type, string command, string parameter, string word, string text, IDictionary values) =>
        Activator.CreateInstance(type) is IArgumentCompleter completer
            ? completer
                .CompleteArgument(command, parameter, word, new CommandAst(text), values)
                .Select(result => result.CompletionText)
            : [];

    private IEnumerable<string> Files(string word) =>
        CompletionCompleters.CompleteFilename(word.Trim('\'', '"'), _session.Location).Select(result => result.CompletionText);
}
