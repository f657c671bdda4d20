using AzureVmRole.Shell.Output;

namespace AzureVmRole.Shell.Hosting;

/// <summary>Reads the arguments of the process; the names are those of pwsh.</summary>
internal static class CommandLine
{
    public const string Usage =
        """
        azvmrole runs the cmdlets of AzureVmRole without PowerShell.

          azvmrole FILE.ps1            runs a script file
          azvmrole -Command 'TEXT'     runs a line of commands (-c)
          azvmrole                     asks for commands, or reads them from standard input

          -OutputFormat Text|Json      tables for people (the default) or a JSON array per pipeline (-o)
          -NonInteractive              asks nothing: what needs a confirmation fails
          -Version                     prints the version (-v)
          -Help                        prints this text (-h)

        It reads one pipeline per line: commands, parameters, literal arguments, '|' and '#'. All of it means the same in
        PowerShell 7. Get-Command lists the commands. The exit code is 0, or 1 when an error was written.
        """;

    /// <exception cref="UsageException">An argument is unknown or lacks its value.</exception>
    public static ShellOptions Parse(IReadOnlyList<string> arguments)
    {
        ShellOptions options = new();
        for (int index = 0; index < arguments.Count; index++)
        {
            string argument = arguments[index];
            string name = argument.StartsWith("--", StringComparison.Ordinal) ? argument[1..] : argument;
            switch (name.ToUpperInvariant())
            {
                case "-COMMAND" or "-C":
                    string text = string.Join(' ', arguments.Skip(index + 1));
                    return text.Length > 0
                        ? options with { Command = text }
                        : throw new UsageException("-Command needs the commands to run.");
                case "-FILE" or "-F":
                    options = options with { File = ValueAfter(arguments, ref index) };
                    break;
                case "-OUTPUTFORMAT" or "-O":
                    options = options with { OutputFormat = FormatOf(ValueAfter(arguments, ref index)) };
                    break;
                case "-NONINTERACTIVE" or "-NONI":
                    options = options with { NonInteractive = true };
                    break;
                case "-NOPROFILE" or "-NOP" or "-NOLOGO":
                    break;
                case "-VERSION" or "-V":
                    options = options with { ShowsVersion = true };
                    break;
                case "-HELP" or "-H" or "-?":
                    options = options with { ShowsHelp = true };
                    break;
                default:
                    options = options.File is null && (argument is "-" || !argument.StartsWith('-'))
                        ? options with { File = argument is "-" ? null : argument }
                        : throw new UsageException($"The argument '{argument}' is not known.");
                    break;
            }
        }

        return options;
    }

    private static string ValueAfter(IReadOnlyList<string> arguments, ref int index) =>
        ++index < arguments.Count
            ? arguments[index]
            : throw new UsageException($"{arguments[index - 1]} needs a value.");

    private static OutputFormat FormatOf(string text) =>
        Enum.TryParse(text, ignoreCase: true, out OutputFormat format) && Enum.IsDefined(format)
            ? format
            : throw new UsageException($"The output format '{text}' is not known: Text or Json.");
}
