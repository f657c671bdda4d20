namespace AzureVmRole.Engine.Storage;

/// <summary>Where this module keeps its own files: <c>AZUREVMROLE_HOME</c>, else the platform's local application data.</summary>
public static class HomeFolder
{
    private const string Variable = "AZUREVMROLE_HOME";

    /// <summary>The absolute path of the folder; it need not exist.</summary>
    public static string Path => Environment.GetEnvironmentVariable(Variable) is { Length: > 0 } path
        ? System.IO.Path.GetFullPath(path)
        : System.IO.Path.Combine(
            Environment.GetFolderPath(Environment.SpecialFolder.LocalApplicationData, Environment.SpecialFolderOption.DoNotVerify), "AzureVmRole");

    /// <summary>The folder store that names without a scheme mean.</summary>
    public static string DefaultStorePath => System.IO.Path.Combine(Path, "store", "local1");

    /// <summary>The journals of uploads that are under way or were interrupted.</summary>
    public static string UploadsPath => System.IO.Path.Combine(Path, "uploads");
}
