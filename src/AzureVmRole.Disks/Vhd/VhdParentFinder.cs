using AzureVmRole.Disks.Files;

namespace AzureVmRole.Disks.Vhd;

/// <summary>Finds the parent of a differencing VHD by its locators.</summary>
internal sealed class VhdParentFinder(DiskFile child, VhdDynamicHeader header)
{
    /// <summary>More than any path: 32,767 UTF-16 units.</summary>
    private const uint LongestPath = 65536;

    /// <summary>The paths where the parent may be, the most specific first, each absolute.</summary>
    /// <exception cref="DiskFormatException">A locator points outside the file or holds an impossible length.</exception>
    public IReadOnlyList<string> Candidates()
    {
        string folder = Path.GetDirectoryName(child.Path) ?? "";
        var candidates = new List<string>();
        foreach (string code in new[] { VhdParentLocator.RelativeUnicode, VhdParentLocator.AbsoluteUnicode, VhdParentLocator.MacUrl })
        {
            for (int index = 0; index < header.Locators.Count; index++)
            {
                if (header.Locators[index].PlatformCode == code && ReadPath(index) is { Length: > 0 } path)
                {
                    Add(candidates, folder, path);
                }
            }
        }

        // Last, the parent's name in the child's own folder: what remains true when both are moved to another machine.
        Add(candidates, folder, FileName(header.ParentName));
        return candidates;
    }

    private static void Add(List<string> candidates, string folder, string path)
    {
        if (path.Length == 0 || path.Contains('\0', StringComparison.Ordinal))
        {
            return;
        }

        string native = OperatingSystem.IsWindows() ? path : path.Replace('\\', '/');
        bool isForeign = !OperatingSystem.IsWindows() && native.Length > 1 && native[1] == ':';
        string absolute = Path.GetFullPath(isForeign ? FileName(native) : native, folder);
        if (!candidates.Contains(absolute))
        {
            candidates.Add(absolute);
        }
    }

    private static string FileName(string path) => path[(path.LastIndexOfAny(['\\', '/']) + 1)..];

    private string? ReadPath(int index)
    {
        VhdParentLocator locator = header.Locators[index];
        if (locator.DataLength > LongestPath || locator.DataOffset > long.MaxValue - LongestPath
            || (long)locator.DataOffset + locator.DataLength > child.Length)
        {
            throw new DiskFormatException(
                ErrorCode.VhdParentLocatorInvalid, child.Path, $"parent locator {index}", (long)Math.Min(locator.DataOffset, long.MaxValue),
                $"Parent locator {index} ({locator.PlatformCode}) of '{child.Path}' says {locator.DataLength} bytes at offset 0x{locator.DataOffset:X}; the file has {child.Length} bytes and a path at most {LongestPath}.",
                "Give the disk its parent again with Set-DifferencingVhd.");
        }

        byte[] data = new byte[locator.DataLength];
        child.ReadExactly((long)locator.DataOffset, data);
        return locator.Decode(data);
    }
}
