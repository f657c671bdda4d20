using AzureVmRole.Disks.Copying;
using AzureVmRole.Disks.Files;
using AzureVmRole.Disks.Vhdx;
using AzureVmRole.TestKit;

namespace AzureVmRole.Disks.Tests.Vhdx;

/// <summary>What the tests of the format do with disks: write one, read all of one.</summary>
internal static class VhdxTestDisk
{
    public const int MiB = VhdxImageBuilder.MiB;

    public static string Write(string path, ReferenceDisk content, VhdxWriterOptions options)
    {
        using var file = DiskFile.Create(path);
        var writer = new VhdxWriter(file, content.Content.Length, options);
        const int piece = 64 << 10;
        for (int offset = 0; offset < content.Content.Length; offset += piece)
        {
            ReadOnlySpan<byte> data = content.Content.AsSpan(offset, Math.Min(piece, content.Content.Length - offset));
            if (data.ContainsAnyExcept((byte)0))
            {
                writer.Write(offset, data);
            }
        }

        writer.Complete();
        return path;
    }

    /// <summary>A dynamic disk with zeros written to its last sector and nothing else.</summary>
    public static string WriteSparse(string path, long length, int blockSize)
    {
        using var file = DiskFile.Create(path);
        var writer = new VhdxWriter(file, length, new VhdxWriterOptions { BlockSizeInBytes = blockSize });
        writer.Write(length - 512, new byte[512]);
        writer.Complete();
        return path;
    }

    /// <summary>The whole content by extents, in pieces that cross blocks.</summary>
    public static byte[] ReadAll(VirtualDisk disk)
    {
        byte[] content = new byte[disk.LengthInBytes];
        foreach (DiskExtent extent in disk.EnumerateDataExtents(0, disk.LengthInBytes))
        {
            disk.ReadExtent(extent, content.AsSpan((int)extent.DiskOffset, (int)extent.Length));
        }

        return content;
    }

    public static byte[] ReadAll(string path)
    {
        using VirtualDisk disk = VirtualDiskFile.Open(path);
        return ReadAll(disk);
    }

    public static async Task CopyAsync(VirtualDisk source, DiskImageWriter target, CancellationToken cancellationToken)
    {
        await new DiskCopier(source, target, new CopyOptions(), null).CopyAsync(cancellationToken);
        target.Complete();
    }
}
