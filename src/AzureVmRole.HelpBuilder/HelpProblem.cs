namespace AzureVmRole.HelpBuilder;

/// <summary>Why the help cannot be built, and where the page is to be changed.</summary>
/// <param name="File">The page.</param>
/// <param name="Line">The line in it, from 1.</param>
/// <param name="Code">The stable code of the check.</param>
/// <param name="Message">What is wrong.</param>
internal sealed record HelpProblem(string File, int Line, string Code, string Message)
{
    /// <summary>The form that MSBuild and editors take as an error with a place.</summary>
    public override string ToString() => $"{File}({Line}): error {Code}: {Message}";
}
