using Microsoft.PowerShell.Commands;

namespace System.Management.Automation;

/// <summary>
/// The drives and providers that a path can name. Only FileSystem holds anything; the others are known so that a
/// command can refuse them by name, as it does in PowerShell.
/// </summary>
internal sealed class DriveTable
{
    private static readonly (string Drive, string Provider)[] OtherDrives =
    [
        ("Alias", "Alias"), ("Env", "Environment"), ("Function", "Function"), ("Variable", "Variable"),
    ];

    private static readonly (string Drive, string Provider)[] WindowsDrives =
    [
        .. OtherDrives, ("Cert", "Certificate"), ("HKCU", "Registry"), ("HKLM", "Registry"), ("WSMan", "WSMan"),
    ];

    public DriveTable()
    {
        FileSystem = new ProviderInfo(
            FileSystemProvider.ProviderName,
            typeof(FileSystemProvider),
            Environment.GetFolderPath(Environment.SpecialFolder.UserProfile));
    }

    public ProviderInfo FileSystem { get; }

    /// <summary>The drive of the working directory.</summary>
    public PSDriveInfo Current
    {
        get
        {
            string root = Path.GetPathRoot(Directory.GetCurrentDirectory()) ?? "/";
            return new PSDriveInfo(root.TrimEnd(':', '\\'), FileSystem, root);
        }
    }

    /// <summary>Returns the drive of that name, or null.</summary>
    public PSDriveInfo? Find(string name)
    {
        if (string.Equals(name, "Temp", StringComparison.OrdinalIgnoreCase))
        {
            return new PSDriveInfo("Temp", FileSystem, Path.GetTempPath());
        }

        if (OperatingSystem.IsWindows() && name.Length == 1 && char.IsAsciiLetter(name[0]))
        {
            return new PSDriveInfo(name.ToUpperInvariant(), FileSystem, name.ToUpperInvariant() + @":\");
        }

        foreach ((string drive, string provider) in Others)
        {
            if (string.Equals(name, drive, StringComparison.OrdinalIgnoreCase))
            {
                return new PSDriveInfo(drive, Other(provider), "");
            }
        }

        return null;
    }

    /// <summary>Returns the provider of that name, with or without its module's name.</summary>
    /// <exception cref="ProviderNotFoundException">There is none.</exception>
    public ProviderInfo FindProvider(string name)
    {
        string simple = name[(name.LastIndexOf('\\') + 1)..];
        if (string.Equals(simple, FileSystem.Name, StringComparison.OrdinalIgnoreCase))
        {
            return FileSystem;
        }

        foreach ((_, string provider) in Others)
        {
            if (string.Equals(simple, provider, StringComparison.OrdinalIgnoreCase))
            {
                return Other(provider);
            }
        }

        throw new ProviderNotFoundException(
            name, "ProviderNotFound", $"Cannot find a provider with the name '{name}'.");
    }

    private static (string Drive, string Provider)[] Others => OperatingSystem.IsWindows() ? WindowsDrives : OtherDrives;

    private static ProviderInfo Other(string name) => new(name, typeof(object), "");
}
