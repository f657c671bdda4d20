using System.Buffers.Binary;
using System.Security.Cryptography;
using AzureVmRole.Engine.Images.Creation;
using AzureVmRole.Engine.Images.Inspection;
using AzureVmRole.Engine.Images.Readiness;
using AzureVmRole.Engine.Images.Repair;
using AzureVmRole.TestKit;
using Xunit;

namespace AzureVmRole.Engine.Tests.Killing;

/// <summary>What a killed operation left beside a disk must not harm the disk that gets its name next.</summary>
public sealed class InterruptedChangeTests
{
    private const int MiB = DiskFolder.MiB;

    [Fact(Timeout = 60_000)]
    public async Task Inspect_InterruptedChange_ShownAsDoneAndToldOf()
    {
        using var folder = new DiskFolder();
        ReferenceDisk content = DiskFolder.MakeContent();
        await folder.MakeAsync("disk.vhd", content);
        await LeaveJournalAsync(folder["disk.vhd"], 4096, 512);
        content.Content.AsSpan(4096, 512).Fill(0xEE);

        BaseVhd disk = await DiskInspection.InspectAsync(folder["disk.vhd"], TestContext.Current.CancellationToken);
        ReadinessReport report = await ReadinessTest.TestAsync(
            new ReadinessTestOptions { Path = folder["disk.vhd"] }, TestContext.Current.CancellationToken);
        folder.AssertReads("disk.vhd", content);
        RepairReport repaired = await DiskRepair.RepairAsync(folder["disk.vhd"], TestContext.Current.CancellationToken);

        Assert.Contains(disk.Findings, finding => finding.RuleId == "VhdChangeInterrupted");
        Assert.False(report.IsReady);
        Assert.Contains(repaired.Repaired, finding => finding.RuleId == "VhdChangeInterrupted");
        folder.AssertReads("disk.vhd", content);
        Assert.Equal(["disk.vhd"], folder.Names);
    }

    [Fact(Timeout = 60_000)]
    public async Task Convert_OverDiskWithInterruptedChange_JournalIsNotTakenForTheNewDisks()
    {
        using var folder = new DiskFolder();
        ReferenceDisk content = DiskFolder.MakeContent();
        string source = folder.MakeRaw("source.raw", content);
        await folder.MakeAsync("disk.vhd", new ReferenceDisk(12 * MiB));
        await LeaveJournalAsync(folder["disk.vhd"], 4096, 512);

        await Operations.ConvertAsync(source, folder["disk.vhd"], overwrite: true);

        folder.AssertReads("disk.vhd", content);
        Assert.Equal(["disk.vhd", "source.raw"], folder.Names);
    }

    [Fact(Timeout = 60_000)]
    public async Task Create_JournalOfMissingDisk_RefusedUntilOverwritingIsAllowed()
    {
        using var folder = new DiskFolder();
        await folder.MakeAsync("disk.vhd", new ReferenceDisk(MiB));
        await LeaveJournalAsync(folder["disk.vhd"], 4096, 512);
        File.Delete(folder["disk.vhd"]);

        var options = new DiskCreationOptions { Path = folder["disk.vhd"], SizeInBytes = MiB };

        DiskOperationException exception = await Assert.ThrowsAsync<DiskOperationException>(
            () => DiskCreation.CreateAsync(options, TestContext.Current.CancellationToken));
        await DiskCreation.CreateAsync(options with { Overwrite = true }, TestContext.Current.CancellationToken);

        Assert.Equal(ErrorCode.TargetExists, exception.Code);
        folder.AssertReads("disk.vhd", new ReferenceDisk(MiB));
        Assert.Equal(["disk.vhd"], folder.Names);
    }

    [Fact(Timeout = 60_000)]
    public async Task Convert_JournalDamaged_RefusedByName()
    {
        using var folder = new DiskFolder();
        await folder.MakeAsync("disk.vhd", DiskFolder.MakeContent());
        await LeaveJournalAsync(folder["disk.vhd"], 4096, 512);
        byte[] journal = await File.ReadAllBytesAsync(folder["disk.vhd.azvmrole-editing"], TestContext.Current.CancellationToken);
        journal[40] ^= 1;
        await File.WriteAllBytesAsync(folder["disk.vhd.azvmrole-editing"], journal, TestContext.Current.CancellationToken);

        DiskOperationException exception = await Assert.ThrowsAsync<DiskOperationException>(
            () => Operations.ConvertAsync(folder["disk.vhd"], folder["new.vhd"]));

        Assert.Equal((ErrorCode.EditJournalInvalid, folder["disk.vhd"]), (exception.Code, exception.Target));
    }

    [Theory(Timeout = 60_000)]
    [InlineData("base.vhd")]
    [InlineData("middle.vhd")]
    [InlineData("top.vhd")]
    public async Task Convert_OverMemberOfUnfinishedMerge_Refused(string name)
    {
        using var folder = new DiskFolder();
        ReferenceDisk top = await LeaveMergeAsync(folder);
        string source = folder.MakeRaw("source.raw", new ReferenceDisk(MiB));

        DiskOperationException exception = await Assert.ThrowsAsync<DiskOperationException>(
            () => Operations.ConvertAsync(source, folder[name], overwrite: true));
        await Operations.MergeAsync(folder["top.vhd"]);

        Assert.Equal((ErrorCode.MergeInterrupted, folder[name]), (exception.Code, exception.Target));
        folder.AssertReads("base.vhd", top);
        Assert.Equal(["base.vhd", "source.raw"], folder.Names);
    }

    [Fact(Timeout = 60_000)]
    public async Task Merge_UnfinishedAndOtherTargetAsked_Refused()
    {
        using var folder = new DiskFolder();
        ReferenceDisk top = await LeaveMergeAsync(folder);

        DiskOperationException exception = await Assert.ThrowsAsync<DiskOperationException>(
            () => Operations.MergeAsync(folder["top.vhd"], folder["middle.vhd"]));

        Assert.Equal(ErrorCode.MergeInterrupted, exception.Code);
        folder.AssertReads("top.vhd", top);
    }

    /// <summary>Leaves what a merge leaves that was cancelled at its first report.</summary>
    private static async Task<ReferenceDisk> LeaveMergeAsync(DiskFolder folder)
    {
        ReferenceDisk content = DiskFolder.MakeContent();
        await folder.MakeAsync("base.vhd", content);
        ReferenceDisk middle = await folder.MakeDifferenceAsync("middle.vhd", "base.vhd", content, (512, 1024, 5));
        ReferenceDisk top = await folder.MakeDifferenceAsync("top.vhd", "middle.vhd", middle, (3 * MiB, 4 * MiB, 6));
        using var cancellation = new CancellationTokenSource();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => KillTarget.Operation.RunAsync(
            ["merge", folder["top.vhd"], folder["base.vhd"]], new CountedProgress(1, cancellation.Cancel), cancellation.Token));
        Assert.Contains("top.vhd.azvmrole-merge", folder.Names, StringComparer.Ordinal);
        return top;
    }

    /// <summary>The journal of one write, as a process leaves it that was killed before the first byte of the disk changed.</summary>
    private static async Task LeaveJournalAsync(string path, long fileOffset, int length)
    {
        BaseVhd disk = await DiskInspection.InspectAsync(path, TestContext.Current.CancellationToken);
        byte[] bytes = new byte[44 + 12 + length + SHA256.HashSizeInBytes];
        "AVREDIT1"u8.CopyTo(bytes);
        BinaryPrimitives.WriteInt64LittleEndian(bytes.AsSpan(8), -1);
        BinaryPrimitives.WriteInt32LittleEndian(bytes.AsSpan(16), 1);
        disk.DiskIdentifier.TryWriteBytes(bytes.AsSpan(20));
        BinaryPrimitives.WriteInt64LittleEndian(bytes.AsSpan(36), -1);
        BinaryPrimitives.WriteInt64LittleEndian(bytes.AsSpan(44), fileOffset);
        BinaryPrimitives.WriteInt32LittleEndian(bytes.AsSpan(52), length);
        bytes.AsSpan(56, length).Fill(0xEE);
        SHA256.HashData(bytes.AsSpan(0, 56 + length), bytes.AsSpan(56 + length));
        await File.WriteAllBytesAsync(path + ".azvmrole-editing", bytes, TestContext.Current.CancellationToken);
    }
}
