using AzureVmRole.Engine.Storage;
using AzureVmRole.Engine.Storage.Saving;
using AzureVmRole.Engine.Tests.Killing;
using AzureVmRole.TestKit;
using Xunit;

namespace AzureVmRole.Engine.Tests.Storage.Saving;

/// <summary>A download that was interrupted is continued when the blob is still the same, and begun anew when it is not.</summary>
public sealed class SaveResumeTests(AzuriteFixture azurite)
{
    private const int MiB = DiskFolder.MiB;
    private const int Piece = Download.PieceSize;
    private const int DiskSize = 6 * Piece;

    private static readonly ReferenceDisk Content = new ReferenceDisk(DiskSize).Fill(0, DiskSize, 1);

    private static readonly string[] Unfinished = ["disk.vhd.azvmrole-download", "disk.vhd.azvmrole-journal"];

    public static TheoryData<string> Kinds => StoreRoom.Kinds;

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Theory(Timeout = 60_000)]
    [MemberData(nameof(Kinds))]
    public async Task Save_AfterCancel_OnlyTheRestIsDownloaded(string kind)
    {
        await using StoreRoom room = await StoreRoom.OpenAsync(kind, azurite);
        using var folder = new DiskFolder();
        await room.PutAsync("disk.vhd", Content);
        await CancelAsync(room, folder, report: 3);
        Assert.Equal(Unfinished, folder.Names);

        (long read, long kept) = await FinishAsync(room, folder);

        Assert.InRange(kept, 3 * Piece, DiskSize - Piece);
        Assert.Equal(DiskSize, read + kept);
    }

    [Fact(Timeout = 120_000)]
    public async Task Save_CancelledAgainAndAgain_EveryPieceIsDownloadedOnce()
    {
        await using StoreRoom room = await StoreRoom.OpenAsync(StoreRoom.Folder, azurite);
        using var folder = new DiskFolder();
        await room.PutAsync("disk.vhd", Content);
        for (int report = 1; report < 6; report += 2)
        {
            await CancelAsync(room, folder, report);
            Assert.Equal(Unfinished, folder.Names);
        }

        (long read, long kept) = await FinishAsync(room, folder);

        Assert.Equal(DiskSize, read + kept);
        Assert.InRange(kept, 5 * Piece, DiskSize);
    }

    [Theory(Timeout = 60_000)]
    [InlineData("disk.vhd", VhdType.Dynamic)]
    [InlineData("disk.raw", VhdType.Fixed)]
    public async Task Save_OtherFormatAfterCancel_OnlyTheRestIsDownloaded(string name, VhdType type)
    {
        await using StoreRoom room = await StoreRoom.OpenAsync(StoreRoom.Folder, azurite);
        using var folder = new DiskFolder();
        await room.PutAsync("disk.vhd", Content);
        await CancelAsync(room, folder, report: 3, name, type);

        (_, long kept) = await FinishAsync(room, folder, name, type);

        Assert.InRange(kept, 3 * Piece, DiskSize - Piece);
    }

    [Fact(Timeout = 60_000)]
    public async Task Save_BlobChangedSinceCancel_BegunAnew()
    {
        await using StoreRoom room = await StoreRoom.OpenAsync(StoreRoom.Folder, azurite);
        using var folder = new DiskFolder();
        await room.PutAsync("disk.vhd", Content.Copy().Fill(0, DiskSize, 2));
        await CancelAsync(room, folder, report: 3);
        await room.PutAsync("disk.vhd", Content);

        (long read, long kept) = await FinishAsync(room, folder);

        Assert.Equal((DiskSize, 0), (read, kept));
    }

    [Fact(Timeout = 60_000)]
    public async Task Save_LocalBytesDamagedSinceCancel_ThatPieceIsDownloadedAgain()
    {
        await using StoreRoom room = await StoreRoom.OpenAsync(StoreRoom.Folder, azurite);
        using var folder = new DiskFolder();
        await room.PutAsync("disk.vhd", Content);
        await CancelAsync(room, folder, report: 3);
        using (FileStream file = File.OpenWrite(folder[Unfinished[0]]))
        {
            file.Position = Piece + 5;
            file.WriteByte(0xEE);
        }

        (long read, long kept) = await FinishAsync(room, folder);

        Assert.Equal(DiskSize, read + kept);
        Assert.InRange(kept, 2 * Piece, DiskSize);
    }

    [Fact(Timeout = 60_000)]
    public async Task Save_JournalTorn_WhatItStillSaysCounts()
    {
        await using StoreRoom room = await StoreRoom.OpenAsync(StoreRoom.Folder, azurite);
        using var folder = new DiskFolder();
        await room.PutAsync("disk.vhd", Content);
        await CancelAsync(room, folder, report: 3);
        using (FileStream journal = File.OpenWrite(folder[Unfinished[1]]))
        {
            journal.SetLength(journal.Length - 10);
        }

        (long read, long kept) = await FinishAsync(room, folder);

        Assert.Equal(DiskSize, read + kept);
        Assert.InRange(kept, 2 * Piece, DiskSize - Piece);
    }

    [Fact(Timeout = 60_000)]
    public async Task Save_GarbageWhereNothingWasNoted_Overwritten()
    {
        await using StoreRoom room = await StoreRoom.OpenAsync(StoreRoom.Folder, azurite);
        using var folder = new DiskFolder();
        ReferenceDisk content = Content.Copy();
        content.Content.AsSpan(DiskSize - MiB, MiB).Clear();
        BlobName blob = await room.PutAsync("disk.vhd", content);

        // Written zeros: the store names them as data.
        await room.Store.WritePagesAsync(blob, DiskSize - MiB, new byte[MiB], default, Token);
        await CancelAsync(room, folder, report: 1);
        using (FileStream file = File.OpenWrite(folder[Unfinished[0]]))
        {
            file.Position = DiskSize - MiB + 5;
            file.WriteByte(0xEE);
        }

        await FinishAsync(room, folder, content: content);
    }

    [Theory(Timeout = 60_000)]
    [MemberData(nameof(Kinds))]
    public async Task Save_BlobChangedMidway_BlobChangedAndNothingLeft(string kind)
    {
        await using StoreRoom room = await StoreRoom.OpenAsync(kind, azurite);
        using var folder = new DiskFolder();
        await room.PutAsync("disk.vhd", Content);
        using var progress = new GateProgress(2);

        Task<BaseVhd> saving = DiskSave.SaveAsync(Options(room, folder["disk.vhd"]), progress, Token);
        await progress.Reached;
        await room.PutAsync("disk.vhd", Content);
        progress.Open();

        TransferException exception = await Assert.ThrowsAsync<TransferException>(() => saving);
        Assert.Equal(ErrorCode.BlobChanged, exception.Code);
        Assert.Empty(folder.Names);
    }

    [Fact(Timeout = 60_000)]
    public async Task Save_SameTargetTwiceAtOnce_SecondIsTold()
    {
        await using StoreRoom room = await StoreRoom.OpenAsync(StoreRoom.Folder, azurite);
        using var folder = new DiskFolder();
        await room.PutAsync("disk.vhd", Content);
        using var progress = new GateProgress(2);
        Task<BaseVhd> first = DiskSave.SaveAsync(Options(room, folder["disk.vhd"]), progress, Token);
        await progress.Reached;

        DiskOperationException exception = await Assert.ThrowsAsync<DiskOperationException>(
            () => DiskSave.SaveAsync(Options(room, folder["disk.vhd"]), null, Token));
        progress.Open();
        await first;

        Assert.Equal((ErrorCode.DiskInUse, folder["disk.vhd"]), (exception.Code, exception.Target));
        folder.AssertReads("disk.vhd", Content);
        Assert.Equal(["disk.vhd"], folder.Names);
    }

    [Fact(Timeout = 60_000)]
    public async Task Save_Cancelled_JournalHoldsNoSecret()
    {
        await using StoreRoom room = await StoreRoom.OpenAsync(StoreRoom.Azurite, azurite);
        using var folder = new DiskFolder();
        await room.PutAsync("disk.vhd", Content);
        BlobCopySource signed = await room.Store.GetCopySourceAsync(room.Blob("disk.vhd"), null, null, Token);
        Assert.Contains("sig=", signed.Uri.Query, StringComparison.Ordinal);
        using var cancellation = new CancellationTokenSource();
        SaveOptions options = Options(room, folder["disk.vhd"]) with { Source = signed.Uri.ToString() };

        await Assert.ThrowsAnyAsync<OperationCanceledException>(
            () => DiskSave.SaveAsync(options, new CountedProgress(2, cancellation.Cancel), cancellation.Token));

        Assert.DoesNotContain("sig=", await File.ReadAllTextAsync(folder[Unfinished[1]], Token), StringComparison.Ordinal);
    }

    private static SaveOptions Options(StoreRoom room, string path, NotedLog? log = null) => new()
    {
        Source = room.Address("disk.vhd"),
        DestinationPath = path,
        Connection = room.Connection with { Log = log, NumberOfThreads = 1 },
    };

    private static async Task CancelAsync(
        StoreRoom room, DiskFolder folder, int report, string name = "disk.vhd", VhdType type = VhdType.Fixed)
    {
        using var cancellation = new CancellationTokenSource();
        OperationCanceledException exception = await Assert.ThrowsAnyAsync<OperationCanceledException>(() => DiskSave.SaveAsync(
            Options(room, folder[name]) with { Type = type }, new CountedProgress(report, cancellation.Cancel), cancellation.Token));
        Assert.Equal(cancellation.Token, exception.CancellationToken);
    }

    private static async Task<(long Read, long Kept)> FinishAsync(
        StoreRoom room, DiskFolder folder, string name = "disk.vhd", VhdType type = VhdType.Fixed, ReferenceDisk? content = null)
    {
        var log = new NotedLog();
        await DiskSave.SaveAsync(Options(room, folder[name], log) with { Type = type }, null, Token);
        folder.AssertReads(name, content ?? Content);
        Assert.Equal([name], folder.Names);
        var tally = SaveTally.Of(log);
        return (tally.Read, tally.Kept);
    }
}
