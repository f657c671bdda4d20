using System.Buffers.Binary;
using AzureVmRole.Disks.Tests.Qcow2;
using AzureVmRole.TestKit;
using Xunit;

namespace AzureVmRole.Disks.Tests.Fuzzing;

public sealed class Qcow2FuzzTests : IDisposable
{
    private const int Length = 2 << 20;

    private readonly Qcow2Images _images = new();

    public void Dispose() => _images.Dispose();

    [Fact(Timeout = FuzzCases.Timeout)]
    public async Task Plain_Damaged_ErrorOrReadToTheEnd()
    {
        FuzzFile file = await MakeAsync("cluster_size=4k");
        using (VirtualDisk disk = VirtualDiskFile.Open(file.Path))
        {
            file.Payload = [.. disk.EnumerateExtents(0, Length)
                .Where(extent => extent.Kind == ExtentKind.File)
                .Select(extent => ((int)extent.FileOffset, (int)extent.Length, (int)extent.DiskOffset))];
        }

        await FuzzCases.RunAsync(new FuzzSeed([file], Content.Content));
    }

    [Fact(Timeout = FuzzCases.Timeout)]
    public async Task Compressed_Damaged_ErrorOrReadToTheEnd() =>
        await FuzzCases.RunAsync(new FuzzSeed([await MakeAsync("cluster_size=4k", compress: true)], Content.Content));

    [Fact(Timeout = FuzzCases.Timeout)]
    public async Task Subclusters_Damaged_ErrorOrReadToTheEnd() =>
        await FuzzCases.RunAsync(new FuzzSeed([await MakeAsync("extended_l2=on,cluster_size=16k")], Content.Content));

    [Fact(Timeout = FuzzCases.Timeout)]
    public async Task Backed_Damaged_ErrorOrReadToTheEnd()
    {
        FuzzFile parent = await MakeAsync("cluster_size=4k", name: "base.qcow2");
        string top = await _images.CreateAsync("disk.qcow2", "cluster_size=4k", null, "-b", "base.qcow2", "-F", "qcow2");
        ReferenceDisk content = Content.Copy();
        await Qcow2Images.WriteAsync(top, content, 4096, 20_480, 0x11);
        await Qcow2Images.WriteZerosAsync(top, content, 65_536, 8192);
        await FuzzCases.RunAsync(new FuzzSeed([Open(top), parent], content.Content));
    }

    private static ReferenceDisk Content { get; } = new ReferenceDisk(Length)
        .Fill(0, 512, 1).Fill(64 << 10, 100 << 10, 2).Fill((1 << 20) - 4096, 8192, 3).Fill(Length - 9_216, 9_216, 4);

    private async Task<FuzzFile> MakeAsync(string options, bool compress = false, string name = "disk.qcow2") =>
        Open(await _images.ConvertAsync(name, Content, options, compress));

    /// <summary>Aims at the header, the first-level table and every second-level table that it names.</summary>
    private static FuzzFile Open(string path)
    {
        byte[] bytes = File.ReadAllBytes(path);
        int first = (int)Qcow2Bytes.ReadUInt64(path, 40);
        int count = BinaryPrimitives.ReadInt32BigEndian(bytes.AsSpan(36));
        var structures = new List<(int, int)> { (0, 104), (104, 128), (first, count * 8) };
        for (int index = 0; index < count; index++)
        {
            int second = (int)(Qcow2Bytes.ReadUInt64(path, first + (index * 8)) & 0x00FF_FFFF_FFFF_FE00);
            if (second > 0)
            {
                structures.Add((second, 512));
            }
        }

        return new FuzzFile(path, [.. structures]) { IsBigEndian = true };
    }
}
