using AzureVmRole.Disks;
using AzureVmRole.Engine.Images.Conversion;
using AzureVmRole.Engine.Images.Creation;
using AzureVmRole.TestKit;
using Xunit;

namespace AzureVmRole.Engine.Tests;

/// <summary>A folder of a test's own with disks whose content is known.</summary>
internal sealed class DiskFolder : IDisposable
{
    public const int MiB = 1 << 20;

    private readonly TemporaryFolder _folder = new();

    /// <summary>The absolute path of the folder.</summary>
    public string Path => _folder.Path;

    /// <summary>The names of all files in the folder, sorted.</summary>
    public string[] Names => [.. Directory.EnumerateFiles(Path, "*", SearchOption.AllDirectories)
        .Select(path => System.IO.Path.GetRelativePath(Path, path))
        .Order(StringComparer.Ordinal)];

    /// <summary>The absolute path of a file in the folder.</summary>
    public string this[string name] => _folder.File(name);

    /// <summary>Content with data at both ends, across block boundaries of every size, and holes between.</summary>
    public static ReferenceDisk MakeContent(int lengthInBytes = 12 * MiB) => new ReferenceDisk(lengthInBytes)
        .Fill(0, 4096, 1)
        .Fill((2 * MiB) - 1536, 70_144, 2)
        .Fill(5 * MiB, (3 * MiB) - 512, 3)
        .Fill(lengthInBytes - 66_048, 66_048, 4);

    /// <summary>Makes a raw file.</summary>
    public string MakeRaw(string name, ReferenceDisk content)
    {
        content.SaveRaw(this[name]);
        return this[name];
    }

    /// <summary>Makes a disk without a parent; the file's name says the format.</summary>
    public async Task<string> MakeAsync(
        string name, ReferenceDisk content, VhdType type = VhdType.Fixed, long? blockSizeInBytes = null)
    {
        string source = MakeRaw(name + ".source.raw", content);
        var options = new DiskConversionOptions
        {
            SourcePath = source,
            DestinationPath = this[name],
            Type = type,
            BlockSizeInBytes = blockSizeInBytes,
        };
        await DiskConversion.ConvertAsync(options, null, TestContext.Current.CancellationToken);
        File.Delete(source);
        return this[name];
    }

    /// <summary>Makes a difference and writes to it as a guest does.</summary>
    /// <returns>What the difference shows.</returns>
    public async Task<ReferenceDisk> MakeDifferenceAsync(
        string name, string parentName, ReferenceDisk parent, params (int Offset, int Length, int Seed)[] writes)
    {
        await DifferenceCreation.CreateAsync(
            new DifferenceCreationOptions { Path = this[name], ParentPath = this[parentName] },
            TestContext.Current.CancellationToken);
        ReferenceDisk content = parent.Copy();
        foreach ((int offset, int length, int seed) in writes)
        {
            // Seed 0: the guest writes zeros, which hide what the parent holds.
            if (seed == 0)
            {
                content.Content.AsSpan(offset, length).Clear();
            }
            else
            {
                content.Fill(offset, length, seed);
            }

            GuestWriter.Write(this[name], offset, content.Content.AsSpan(offset, length));
        }

        return content;
    }

    /// <summary>A copy of the folder with everything in it, times included.</summary>
    public DiskFolder Copy()
    {
        var copy = new DiskFolder();
        foreach (string name in Names)
        {
            Directory.CreateDirectory(System.IO.Path.GetDirectoryName(copy[name]) ?? copy.Path);
            File.Copy(this[name], copy[name]);
            File.SetLastWriteTimeUtc(copy[name], File.GetLastWriteTimeUtc(this[name]));
        }

        return copy;
    }

    /// <summary>Whether a file has the same bytes in another folder.</summary>
    public bool HasSameFile(string name, DiskFolder other) =>
        File.ReadAllBytes(this[name]).AsSpan().SequenceEqual(File.ReadAllBytes(other[name]));

    /// <summary>Everything that a disk of the folder shows.</summary>
    public byte[] Read(string name)
    {
        using VirtualDisk disk = VirtualDiskFile.Open(this[name]);
        byte[] content = new byte[disk.LengthInBytes];
        disk.Read(0, content);
        return content;
    }

    /// <summary>Asserts what a disk of the folder shows; behind the model's end it shows zeros.</summary>
    public void AssertReads(string name, ReferenceDisk content, long? lengthInBytes = null)
    {
        byte[] actual = Read(name);
        Assert.Equal(lengthInBytes ?? content.Content.Length, actual.Length);
        byte[] expected = content.Content;
        Array.Resize(ref expected, actual.Length);
        int same = expected.AsSpan().CommonPrefixLength(actual);
        Assert.True(same == expected.Length, $"'{name}' differs from byte {same} on.");
    }

    public void Dispose() => _folder.Dispose();
}
