using System.Collections.ObjectModel;

namespace System.Management.Automation;

/// <summary>The drives of a session.</summary>
public sealed class DriveManagementIntrinsics
{
    private readonly DriveTable _drives;

    internal DriveManagementIntrinsics(DriveTable drives)
    {
        _drives = drives;
    }

    /// <summary>The drive of the current location.</summary>
    public PSDriveInfo Current => _drives.Current;

    /// <summary>Returns the drive of that name.</summary>
    /// <exception cref="DriveNotFoundException">There is none.</exception>
    public PSDriveInfo Get(string driveName) =>
        _drives.Find(driveName) ?? throw new DriveNotFoundException(
            driveName, "DriveNotFound", $"Cannot find drive. A drive with the name '{driveName}' does not exist.");

    /// <summary>Returns the drives of the file system.</summary>
    public Collection<PSDriveInfo> GetAll() => [Current];
}
