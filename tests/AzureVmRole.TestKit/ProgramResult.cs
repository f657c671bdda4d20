namespace AzureVmRole.TestKit;

/// <summary>How an external program ended.</summary>
public sealed record ProgramResult(int ExitCode, string Output, string Error)
{
    /// <summary>Everything it printed, for a failed assertion's message.</summary>
    public string Everything => $"exit code {ExitCode}\n{Output}\n{Error}";
}
