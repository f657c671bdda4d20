namespace AzureVmRole.HelpBuilder.Pages;

/// <summary>A link under Related.</summary>
/// <param name="Text">The words of the link.</param>
/// <param name="Target">Another page's file name, or an address.</param>
/// <param name="Line">The line of the link.</param>
internal sealed record PageLink(string Text, string Target, int Line)
{
    public bool IsWeb => Target.StartsWith("https://", StringComparison.Ordinal);
}
