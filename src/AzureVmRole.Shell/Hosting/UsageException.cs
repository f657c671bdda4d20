namespace AzureVmRole.Shell.Hosting;

/// <summary>The command line cannot be used.</summary>
internal sealed class UsageException : ArgumentException
{
    public UsageException(string message)
        : base(message)
    {
    }
}
