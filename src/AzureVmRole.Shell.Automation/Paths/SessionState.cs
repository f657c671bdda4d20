namespace System.Management.Automation;

/// <summary>The paths and drives of a session.</summary>
public sealed class SessionState
{
    /// <summary>Makes a session that stands in the process's working directory.</summary>
    public SessionState()
        : this(Directory.GetCurrentDirectory())
    {
    }

    internal SessionState(string location)
    {
        DriveTable drives = new();
        Drive = new DriveManagementIntrinsics(drives);
        Path = new PathIntrinsics(drives, location);
    }

    /// <summary>Paths and the current location.</summary>
    public PathIntrinsics Path { get; }

    /// <summary>The drives.</summary>
    public DriveManagementIntrinsics Drive { get; }
}
