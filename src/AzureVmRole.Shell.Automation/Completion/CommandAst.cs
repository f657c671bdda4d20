namespace System.Management.Automation.Language;

/// <summary>A command as it was typed. The built-in shell hands completers the text only.</summary>
public sealed class CommandAst
{
    private readonly string _text;

    internal CommandAst(string text)
    {
        _text = text;
    }

    /// <inheritdoc/>
    public override string ToString() => _text;
}
