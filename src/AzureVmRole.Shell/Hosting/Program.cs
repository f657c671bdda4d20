using System.Management.Automation;
using System.Reflection;
using System.Runtime.InteropServices;
using AzureVmRole.Shell.Output;
using AzureVmRole.Shell.Parsing;
using AzureVmRole.Shell.Prompting;

namespace AzureVmRole.Shell.Hosting;

/// <summary>The entry point of azvmrole.</summary>
internal static class Program
{
    // The exit codes of pwsh for a wrong command line and of shells for a stopped program.
    private const int UsageError = 64;
    private const int Stopped = 130;

    public static int Main(string[] arguments)
    {
        using ConsoleTerminal terminal = new();
        try
        {
            return Run(CommandLine.Parse(arguments), terminal);
        }
        catch (UsageException error)
        {
            terminal.WriteError($"azvmrole: {error.Message}\n\n{CommandLine.Usage}\n");
            return UsageError;
        }
    }

    private static int Run(ShellOptions options, ConsoleTerminal terminal)
    {
        if (options.ShowsHelp || options.ShowsVersion)
        {
            terminal.Write((options.ShowsHelp ? CommandLine.Usage : "azvmrole " + Version) + Environment.NewLine);
            return 0;
        }

        if (ModuleFolder.Find(AppContext.BaseDirectory) is not { } folder)
        {
            terminal.WriteError(
                $"azvmrole: {ModuleFolder.CmdletFile} is not where the shell looks for it, beside {AppContext.BaseDirectory}.\n"
                + "  Recommendation: Build the solution, which lays the module out in bin.\n");
            return UsageError;
        }

        ShellSession session = new(
            terminal, options, Directory.GetCurrentDirectory(), Path.Combine(folder, "AzureVmRole.format.ps1xml"));
        new ModuleImporter(folder).Import(session.Commands);
        using var interrupt = PosixSignalRegistration.Create(
            PosixSignal.SIGINT, context => OnInterrupt(context, session));
        using var terminate = PosixSignalRegistration.Create(
            PosixSignal.SIGTERM, context => context.Cancel = session.Stop());
        return Run(options, session, terminal);
    }

    private static int Run(ShellOptions options, ShellSession session, ConsoleTerminal terminal)
    {
        if (options.Command is { } command)
        {
            return RunText(session, command, "");
        }

        if (options.File is { } file)
        {
            string path = Path.GetFullPath(file);
            return File.Exists(path)
                ? RunText(session, File.ReadAllText(path), path)
                : throw new UsageException($"The file '{file}' does not exist.");
        }

        return new Prompt(session, terminal, Version).Run();
    }

    private static int RunText(ShellSession session, string text, string file)
    {
        try
        {
            session.Run(text, file);
        }
        catch (ScriptSyntaxException error)
        {
            string message = file.Length > 0 ? $"{file}: {error.Message}" : error.Message;
            session.Report(new ErrorRecord(new ParseException(message), "ParseError", ErrorCategory.ParserError, file));
        }

        return session.ExitCode;
    }

    // The first Ctrl-C stops the pipeline; a second one, while it stops, ends the process.
    private static void OnInterrupt(PosixSignalContext context, ShellSession session)
    {
        context.Cancel = true;
        if (!session.Stop())
        {
            Environment.Exit(Stopped);
        }
    }

    // Without the commit that a build adds behind a '+'.
    private static string Version =>
        typeof(Program).Assembly.GetCustomAttribute<AssemblyInformationalVersionAttribute>()
            ?.InformationalVersion.Split('+')[0] ?? "";
}
