namespace AzureVmRole.Daemon.Hosting;

/// <summary>The command line cannot be used; carries every finding.</summary>
internal sealed class UsageException(IReadOnlyList<string> findings) : ArgumentException(string.Join(Environment.NewLine, findings));
