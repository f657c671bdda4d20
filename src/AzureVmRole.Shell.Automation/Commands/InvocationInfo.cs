namespace System.Management.Automation;

/// <summary>How a command was called.</summary>
public sealed class InvocationInfo
{
    internal InvocationInfo(CommandInfo myCommand)
    {
        MyCommand = myCommand;
        InvocationName = myCommand.Name;
    }

    /// <summary>The command.</summary>
    public CommandInfo MyCommand { get; }

    /// <summary>The parameters that have an argument, and the arguments.</summary>
    public Dictionary<string, object?> BoundParameters { get; } = new(StringComparer.OrdinalIgnoreCase);

    /// <summary>The name that was typed.</summary>
    public string InvocationName { get; internal set; }

    /// <summary>The text of the line.</summary>
    public string Line { get; internal set; } = "";

    /// <summary>The column of the command in its line, from 1.</summary>
    public int OffsetInLine { get; internal set; }

    /// <summary>The number of the line, from 1.</summary>
    public int ScriptLineNumber { get; internal set; }

    /// <summary>The script file; empty at the prompt.</summary>
    public string ScriptName { get; internal set; } = "";

    /// <summary>The folder of the script file; empty at the prompt.</summary>
    public string PSScriptRoot => Path.GetDirectoryName(ScriptName) ?? "";

    /// <summary>The script file; empty at the prompt.</summary>
    public string PSCommandPath => ScriptName;

    /// <summary>The number of commands in the pipeline.</summary>
    public int PipelineLength { get; internal set; } = 1;

    /// <summary>The place of the command in the pipeline, from 1.</summary>
    public int PipelinePosition { get; internal set; } = 1;

    /// <summary>Whether the command stands after another one.</summary>
    public bool ExpectingInput => PipelinePosition > 1;
}
