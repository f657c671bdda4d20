namespace AzureVmRole.PowerShell.Runtime;

/// <summary>One piece of asynchronous work that a command has decided to do.</summary>
/// <param name="Target">The user's object that it is about, for errors nobody foresaw.</param>
/// <param name="RunAsync">The work.</param>
internal sealed record CommandWork(string Target, Func<CancellationToken, Task> RunAsync);
