namespace AzureVmRole.Benchmarks;

/// <summary>The programs as users run them.</summary>
internal static class ProgramFolder
{
    /// <summary>…/tests/AzureVmRole.Benchmarks/bin/CONFIGURATION/FRAMEWORK/ is five folders below the repository's.</summary>
    private static readonly string RepositoryRoot = Path.GetFullPath(Path.Combine(AppContext.BaseDirectory, "../../../../.."));

    public static string Of(string program) => Path.Combine(RepositoryRoot, "bin", program);
}
