using System.Text;

namespace AzureVmRole.Disks.Vhd;

/// <summary>The forms in which a differencing VHD names its parent: locator entries and the bytes they point to.</summary>
internal sealed class VhdParentPaths
{
    private readonly List<(string Code, byte[] Data)> _forms = [];

    /// <summary>Names a parent: relative to the child's folder where there is such a path, and absolute.</summary>
    public VhdParentPaths(string childPath, string parentPath)
    {
        string folder = Path.GetDirectoryName(childPath) ?? "";
        string relative = Path.GetRelativePath(folder, parentPath);
        if (!Path.IsPathRooted(relative))
        {
            // Windows separators, and ".\" where the parent is in the same folder: what Hyper-V writes and expects.
            string windows = OperatingSystem.IsWindows() ? relative : relative.Replace('/', '\\');
            bool climbs = windows.StartsWith("..", StringComparison.Ordinal);
            _forms.Add((VhdParentLocator.RelativeUnicode, Encoding.Unicode.GetBytes(climbs ? windows : $".\\{windows}")));
        }

        _forms.Add((VhdParentLocator.AbsoluteUnicode, Encoding.Unicode.GetBytes(parentPath)));
    }

    /// <summary>What the forms take in the file, each a whole number of sectors.</summary>
    public int SizeInBytes => _forms.Sum(form => SpaceOf(form.Data));

    /// <summary>The locator entries for forms that stand in the file from <paramref name="fileOffset"/> on.</summary>
    public IReadOnlyList<VhdParentLocator> LocatorsAt(long fileOffset)
    {
        var locators = new List<VhdParentLocator>();
        foreach ((string code, byte[] data) in _forms)
        {
            // The specification counts the space in sectors, Hyper-V and everybody since in bytes.
            locators.Add(new VhdParentLocator(code, (uint)SpaceOf(data), (uint)data.Length, (ulong)fileOffset));
            fileOffset += SpaceOf(data);
        }

        return locators;
    }

    /// <summary>The bytes that the locators point to.</summary>
    public byte[] ToArray()
    {
        byte[] bytes = new byte[SizeInBytes];
        int position = 0;
        foreach ((_, byte[] data) in _forms)
        {
            data.CopyTo(bytes, position);
            position += SpaceOf(data);
        }

        return bytes;
    }

    private static int SpaceOf(byte[] data) =>
        VhdBlockLayout.RoundUp(Math.Max(1, data.Length), VhdFormatConstants.SectorSize);
}
