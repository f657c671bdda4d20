namespace System.Management.Automation;

/// <summary>One way to complete a word.</summary>
public sealed class CompletionResult
{
    /// <summary>Describes a completion.</summary>
    public CompletionResult(string completionText, string listItemText, CompletionResultType resultType, string toolTip)
    {
        CompletionText = completionText;
        ListItemText = listItemText;
        ResultType = resultType;
        ToolTip = toolTip;
    }

    /// <summary>Describes a completion that is shown as it is inserted.</summary>
    public CompletionResult(string completionText)
        : this(completionText, completionText, CompletionResultType.Text, completionText)
    {
    }

    /// <summary>What takes the place of the word, quotes included.</summary>
    public string CompletionText { get; }

    /// <summary>What a list shows.</summary>
    public string ListItemText { get; }

    /// <summary>What kind of thing it is.</summary>
    public CompletionResultType ResultType { get; }

    /// <summary>A longer text about it.</summary>
    public string ToolTip { get; }
}
