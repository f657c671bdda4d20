namespace AzureVmRole.Daemon.Hosting;

/// <summary>How the program ends.</summary>
internal enum ExitCode
{
    /// <summary>It was stopped.</summary>
    Stopped = 0,

    /// <summary>It failed in a way that it should not.</summary>
    Failed = 1,

    /// <summary>The command line is wrong.</summary>
    Usage = 2,

    /// <summary>Another daemon has the home folder.</summary>
    HomeInUse = 3,

    /// <summary>The database is damaged, or of another version.</summary>
    DatabaseDamaged = 4,

    /// <summary>A file or folder that holds a secret is open to others, is somebody else's, or cannot be used.</summary>
    FileUnsafe = 5,

    /// <summary>Something else listens on the port.</summary>
    PortInUse = 6,

    /// <summary>A proof was ended before its verdict.</summary>
    Interrupted = 7,
}
