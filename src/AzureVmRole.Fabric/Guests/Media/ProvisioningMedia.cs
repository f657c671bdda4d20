namespace AzureVmRole.Fabric.Guests.Media;

/// <summary>The disc that a guest finds in its drive until it is provisioned. It holds secrets: only its owner may read it, and it goes when the guest has read it.</summary>
internal static class ProvisioningMedia
{
    /// <summary>What cloudbase-init knows the disc by.</summary>
    public const string TagFile = "E6DA6616-8EC4-48E0-BE93-58CE6ACE3CFB.tag";

    /// <summary>How agents tell Azure's discs from others: cloud-init looks for <c>rd_rdfe_*</c>.</summary>
    public const string Label = "rd_rdfe_fabric";

    /// <summary>Writes the disc: a new file of mode 0600 that takes its place when it is whole.</summary>
    /// <param name="path">Where; what is there is replaced.</param>
    /// <param name="guest">With its secrets.</param>
    /// <param name="time">The time of what is on it.</param>
    /// <param name="listeners">Where Windows is to listen for remote management; null for nowhere.</param>
    /// <exception cref="ArgumentException">A value has a character that XML cannot hold.</exception>
    public static void Write(string path, GuestIdentity guest, DateTimeOffset time, IReadOnlyList<WinRMListener>? listeners = null)
    {
        List<IsoFile> files =
        [
            new("ovf-env.xml", OvfEnvironment.Write(guest, listeners ?? [])),
            new(TagFile, ReadOnlyMemory<byte>.Empty),
        ];
        if (guest.CustomData is { } data)
        {
            files.Add(new IsoFile("CustomData.bin", data));
        }

        var image = new IsoImage(Label, files, time);
        string half = $"{path}.new";
        Remove(half);
        var options = new FileStreamOptions { Mode = FileMode.CreateNew, Access = FileAccess.Write };
        if (!OperatingSystem.IsWindows())
        {
            options.UnixCreateMode = UnixFileMode.UserRead | UnixFileMode.UserWrite;
        }

        using (var stream = new FileStream(half, options))
        {
            image.WriteTo(stream);
        }

        File.Move(half, path, overwrite: true);
    }

    /// <summary>Removes the disc; nothing happens when there is none.</summary>
    public static void Remove(string path)
    {
        if (File.Exists(path))
        {
            File.Delete(path);
        }
    }
}
