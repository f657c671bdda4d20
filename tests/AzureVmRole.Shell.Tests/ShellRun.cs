using AzureVmRole.Shell.Hosting;
using AzureVmRole.Shell.Output;

namespace AzureVmRole.Shell.Tests;

/// <summary>What a script wrote and its exit code, run in a session that has the cmdlets of the tests.</summary>
internal sealed record ShellRun(string Output, string Error, int ExitCode)
{
    /// <summary>The lines of the output that hold anything.</summary>
    public string[] Lines => Output.Split('\n', StringSplitOptions.RemoveEmptyEntries);

    public static ShellSession Session(TestTerminal terminal, OutputFormat format = OutputFormat.Text, string? location = null)
    {
        ShellSession session = new(
            terminal,
            new ShellOptions { OutputFormat = format },
            location ?? Path.TrimEndingDirectorySeparator(AppContext.BaseDirectory),
            formatFile: null);
        ModuleImporter.AddCommands(session.Commands, typeof(ShellRun).Assembly, "Tests");
        return session;
    }

    public static ShellRun Of(
        string script, TestTerminal? terminal = null, OutputFormat format = OutputFormat.Text, string? location = null)
    {
        TestTerminal used = terminal ?? new TestTerminal();
        ShellSession session = Session(used, format, location);
        session.Run(script);
        return new ShellRun(used.Output, used.Error, session.ExitCode);
    }
}
