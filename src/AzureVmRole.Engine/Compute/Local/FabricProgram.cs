namespace AzureVmRole.Engine.Compute.Local;

/// <summary>Where the fabric's program is, and why it may not run.</summary>
internal static class FabricProgram
{
    /// <summary>Its name.</summary>
    public const string Name = "azvmrole-fabric";

    /// <summary>A shell's own exit code when there is no such command.</summary>
    public const int CommandMissing = 127;

    /// <summary>Its first argument when a Ctrl-C in the terminal of who starts it is not meant for it.</summary>
    public const string OwnSession = "--own-session";

    // The .NET host's own, on Unix its last byte: a framework is missing.
    private const int FrameworkMissing = unchecked((int)0x80008096);
    private const int FrameworkMissingByte = 0x96;

    /// <summary>The program with the arguments that come first. A release may carry it with its own runtime; else the .NET of this machine runs it.</summary>
    /// <exception cref="FabricException">FabricNotInstalled.</exception>
    public static string[] Find()
    {
        string engine = Path.GetDirectoryName(typeof(FabricProgram).Assembly.Location) ?? "";
        string folder = Path.Combine(Path.GetDirectoryName(engine) ?? "", "fabric");
        string program = Path.Combine(folder, OperatingSystem.IsWindows() ? Name + ".exe" : Name);
        string assembly = Path.Combine(folder, Name + ".dll");
        return File.Exists(program) ? [program]
            : File.Exists(assembly) ? [FindDotnet(), assembly]
            : throw NotInstalled(assembly, "does not exist", null);
    }

    /// <summary>Tells of what is missing, where a process has ended for that reason.</summary>
    /// <param name="exit">The exit code.</param>
    /// <param name="said">What it wrote to its terminal.</param>
    /// <exception cref="FabricException">FabricNotInstalled.</exception>
    public static void ThrowIfNotRunnable(int exit, string said)
    {
        string version = $"{Environment.Version.Major}.0";
        if (exit == CommandMissing)
        {
            throw new FabricException(
                ErrorCode.FabricNotInstalled, Name, $"The fabric needs .NET and ASP.NET Core {version}; there is no 'dotnet' on this machine.",
                $"Install the ASP.NET Core runtime: https://dotnet.microsoft.com/download/dotnet/{version}.");
        }

        if (exit is FrameworkMissing or FrameworkMissingByte || said.Contains("Microsoft.AspNetCore.App", StringComparison.Ordinal))
        {
            throw new FabricException(
                ErrorCode.FabricNotInstalled, Name, $"The fabric needs the ASP.NET Core runtime {version}, which is not installed on this machine.",
                $"Install it: https://dotnet.microsoft.com/download/dotnet/{version}, or the package aspnetcore-runtime-{version}.");
        }
    }

    /// <summary>The error for a program that is not there, or cannot be started.</summary>
    public static FabricException NotInstalled(string program, string problem, Exception? cause) => new(
        ErrorCode.FabricNotInstalled, program, $"The fabric's program '{program}' {problem}.", "Install the module with its folder bin/fabric, or build the solution.", cause);

    private static string FindDotnet()
    {
        string name = OperatingSystem.IsWindows() ? "dotnet.exe" : "dotnet";
        string?[] places =
        [
            Environment.ProcessPath is { } own && Path.GetFileName(own) == name ? own : null,
            Environment.GetEnvironmentVariable("DOTNET_HOST_PATH"),
            Environment.GetEnvironmentVariable("DOTNET_ROOT") is { Length: > 0 } root ? Path.Combine(root, name) : null,
        ];
        return Array.Find(places, File.Exists) ?? name;
    }
}
