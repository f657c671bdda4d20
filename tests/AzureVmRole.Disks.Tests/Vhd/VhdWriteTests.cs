using AzureVmRole.Disks.Copying;
using AzureVmRole.Disks.Files;
using AzureVmRole.TestKit;
using Xunit;

namespace AzureVmRole.Disks.Tests.Vhd;

/// <summary>Disks that the engine writes: qemu-img reads the same bytes and size, and finds the same holes.</summary>
public sealed class VhdWriteTests : IDisposable
{
    private const int MiB = 1 << 20;

    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Theory(Timeout = 120_000)]
    [InlineData(VhdType.Fixed, null)]
    [InlineData(VhdType.Dynamic, null)]
    [InlineData(VhdType.Dynamic, 512 << 10)]
    [InlineData(VhdType.Dynamic, 1 << 20)]
    public async Task Write_AnyType_QemuReadsTheSame(VhdType type, int? blockSize)
    {
        ReferenceDisk content = MakeContent();
        string path = await WriteAsync(content, type, blockSize);

        await QemuImg.CompareAsync(_folder, content, path);
        string told = await QemuImg.RunAsync("info", "-f", "vpc", path);
        Assert.Contains($"({content.Content.Length} bytes)", told, StringComparison.Ordinal);
        DiskContent.Equal(content.Content, path);
        using VirtualDisk disk = VirtualDiskFile.Open(path);
        Assert.Empty(disk.Findings);
        Assert.True(disk.IsAligned);
    }

    [Fact(Timeout = 60_000)]
    public async Task Write_Dynamic_QemuMapsTheBlocksThatHoldData()
    {
        string path = await WriteAsync(MakeContent(), VhdType.Dynamic, null);

        string map = await QemuImg.RunAsync("map", "--output=json", "-f", "vpc", path);

        Assert.Contains("\"start\": 0, \"length\": 2097152, \"depth\": 0, \"present\": true, \"zero\": false, \"data\": true", map, StringComparison.Ordinal);
        Assert.Contains("\"start\": 2097152, \"length\": 4194304, \"depth\": 0, \"present\": true, \"zero\": true, \"data\": false", map, StringComparison.Ordinal);
    }

    [Fact(Timeout = 60_000)]
    public async Task Write_Fixed_SparseAndFooterLast()
    {
        string path = await WriteAsync(MakeContent(), VhdType.Fixed, null);
        byte[] bytes = await File.ReadAllBytesAsync(path, TestContext.Current.CancellationToken);
        using VirtualDisk disk = VirtualDiskFile.Open(path);

        Assert.Equal((20 * MiB) + 512, bytes.Length);
        Assert.Equal("conectix"u8, bytes.AsSpan(20 * MiB, 8));
        Assert.InRange(disk.File.GetAllocatedLength(), 1, 8 * MiB);
    }

    [Theory(Timeout = 60_000)]
    [InlineData(VhdType.Fixed, 20L << 20)]
    [InlineData(VhdType.Dynamic, 20L << 20)]
    [InlineData(VhdType.Fixed, 127L << 30)]
    [InlineData(VhdType.Dynamic, 127L << 30)]
    [InlineData(VhdType.Fixed, 2040L << 30)]
    [InlineData(VhdType.Dynamic, 2040L << 30)]
    public async Task Write_EmptyDisk_QemuAgreesOnTheExactSize(VhdType type, long size)
    {
        string path = CreateEmpty(type, size);

        string told = await QemuImg.RunAsync("info", "-f", "vpc", path);

        Assert.Contains($"({size} bytes)", told, StringComparison.Ordinal);
        using VirtualDisk disk = VirtualDiskFile.Open(path);
        Assert.Equal(size, disk.LengthInBytes);
        Assert.InRange(disk.File.GetAllocatedLength(), 0, 8 * MiB);
    }

    [Fact]
    public void Write_LastBlockOfTheLargestDisk_ReadBack()
    {
        const long Size = 2040L << 30;
        string path = _folder.File("disk.vhd");
        byte[] data = new byte[4096];
        data.AsSpan().Fill(0x5A);
        using (var file = DiskFile.Create(path))
        {
            DiskImageWriter writer = Target(VhdType.Dynamic, Size, null).CreateWriter(file, TimeProvider.System);
            writer.Write(Size - 4096, data);
            writer.Complete();
        }

        using VirtualDisk disk = VirtualDiskFile.Open(path);
        byte[] read = new byte[8192];
        disk.Read(Size - 8192, read);

        Assert.Equal([.. new byte[4096], .. data], read);
    }

    [Theory]
    [InlineData(VhdFormat.Vhd, VhdType.Fixed, (20L << 20) + 512, null, ErrorCode.DiskSizeUnaligned)]
    [InlineData(VhdFormat.Vhd, VhdType.Dynamic, 0L, null, ErrorCode.DiskSizeOutOfRange)]
    [InlineData(VhdFormat.Vhd, VhdType.Dynamic, (2040L << 30) + (1 << 20), null, ErrorCode.DiskSizeOutOfRange)]
    [InlineData(VhdFormat.Vhd, VhdType.Differencing, 20L << 20, null, ErrorCode.DiskTypeUnsuitable)]
    [InlineData(VhdFormat.Vhd, VhdType.Dynamic, 20L << 20, 3L << 20, ErrorCode.InvalidArgument)]
    [InlineData(VhdFormat.Vhd, VhdType.Dynamic, 20L << 20, 4L << 20, ErrorCode.InvalidArgument)]
    [InlineData(VhdFormat.Vhd, VhdType.Fixed, 20L << 20, 2L << 20, ErrorCode.InvalidArgument)]
    [InlineData(VhdFormat.Vhd, VhdType.Dynamic, 2040L << 30, 512L << 10, ErrorCode.InvalidArgument)]
    [InlineData(VhdFormat.Raw, VhdType.Dynamic, 20L << 20, null, ErrorCode.DiskTypeUnsuitable)]
    [InlineData(VhdFormat.Qcow2, VhdType.Dynamic, 20L << 20, null, ErrorCode.DiskFormatUnsupported)]
    public void Validate_NotAllowed_OneClearError(VhdFormat format, VhdType type, long size, long? blockSize, ErrorCode expected)
    {
        DiskTarget target = Target(type, size, blockSize) with { Format = format };

        DiskOperationException exception = Assert.Throws<DiskOperationException>(target.Validate);

        Assert.Equal(expected, exception.Code);
        Assert.Equal(target.Path, exception.Target);
        Assert.NotNull(exception.RecommendedAction);
    }

    private DiskTarget Target(VhdType type, long size, long? blockSize) => new()
    {
        Path = _folder.File("disk.vhd"),
        Format = VhdFormat.Vhd,
        Type = type,
        SizeInBytes = size,
        BlockSizeInBytes = blockSize,
    };

    private string CreateEmpty(VhdType type, long size)
    {
        DiskTarget target = Target(type, size, null);
        using var file = DiskFile.Create(target.Path);
        target.CreateWriter(file, TimeProvider.System).Complete();
        return target.Path;
    }

    private async Task<string> WriteAsync(ReferenceDisk content, VhdType type, int? blockSize)
    {
        content.SaveRaw(_folder.File("source.raw"));
        using VirtualDisk source = VirtualDiskFile.Open(_folder.File("source.raw"));
        DiskTarget target = Target(type, content.Content.Length, blockSize);
        target.Validate();
        using var file = DiskFile.Create(target.Path);
        DiskImageWriter writer = target.CreateWriter(file, TimeProvider.System);
        await new DiskCopier(source, writer, new CopyOptions(), null).CopyAsync(TestContext.Current.CancellationToken);
        writer.Complete();
        return target.Path;
    }

    private static ReferenceDisk MakeContent() => new ReferenceDisk(20 * MiB)
        .Fill(0, 4096, 1)
        .Fill((7 * MiB) + 512, MiB, 2)
        .Fill((12 * MiB) - 512, 1024, 3)
        .Fill((20 * MiB) - 1024, 1024, 4);
}
