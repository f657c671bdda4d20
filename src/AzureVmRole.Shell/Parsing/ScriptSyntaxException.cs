using System.Management.Automation;

namespace AzureVmRole.Shell.Parsing;

/// <summary>A script has something that the shell does not read.</summary>
internal sealed class ScriptSyntaxException : RuntimeException
{
    public ScriptSyntaxException(SourcePosition position, string message, bool isIncomplete = false)
        : base($"Line {position.Line}, column {position.Column}: {message}")
    {
        Position = position;
        IsIncomplete = isIncomplete;
    }

    public SourcePosition Position { get; }

    /// <summary>Whether more text could mend it: a prompt asks for another line.</summary>
    public bool IsIncomplete { get; }
}
