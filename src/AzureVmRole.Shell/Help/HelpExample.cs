namespace AzureVmRole.Shell.Help;

/// <summary>An example on a help page.</summary>
internal sealed record HelpExample(string Title, string Code, string Remarks);
