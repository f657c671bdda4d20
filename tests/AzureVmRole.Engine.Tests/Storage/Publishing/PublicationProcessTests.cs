using AzureVmRole.Engine.Storage;
using AzureVmRole.Engine.Storage.Publishing;
using AzureVmRole.Engine.Tests.Killing;
using AzureVmRole.TestKit;
using Xunit;

namespace AzureVmRole.Engine.Tests.Storage.Publishing;

/// <summary>Several processes, each with a home of its own as on several machines, publish to the same blob.</summary>
public sealed class PublicationProcessTests(AzuriteFixture azurite)
{
    private const string Name = "disk.vhd";

    private static readonly ReferenceDisk Content = DiskFolder.MakeContent(24 * DiskFolder.MiB);

    public static TheoryData<string> Kinds => StoreRoom.Kinds;

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Theory(Timeout = 120_000)]
    [MemberData(nameof(Kinds))]
    public async Task Publish_ThreeProcessesAtOnce_OneWinsAndTheOthersLearnWho(string kind)
    {
        using var folder = new DiskFolder();
        await using StoreRoom room = await StoreRoom.OpenAsync(kind, azurite);
        string disk = await folder.MakeAsync("source.vhd", Content, VhdType.Dynamic);
        TargetProcess[] processes = [.. Enumerable.Range(0, 3).Select(number => Make(folder, room, disk, number))];
        try
        {
            await Task.WhenAll(processes.Select(process => process.RunAsync()));
            TargetProcess winner = Assert.Single(processes, process => process.Report.StartsWith("done", StringComparison.Ordinal));
            foreach (TargetProcess loser in processes.Where(process => process != winner))
            {
                bool cameLate = loser.Report.StartsWith($"error {ErrorCode.BlobExists}\t", StringComparison.Ordinal);
                bool learnsWho = loser.Report.StartsWith($"error {ErrorCode.BlobLeased}\t", StringComparison.Ordinal)
                    && loser.Report.Contains($"process {winner.Id},", StringComparison.Ordinal);
                Assert.True(cameLate || learnsWho, $"The winner is {winner.Id}, the other says: {loser.Report}");
            }
        }
        finally
        {
            Array.ForEach(processes, process => process.Dispose());
        }

        await AssertHoldsAsync(room);
    }

    [Theory(Timeout = 120_000)]
    [MemberData(nameof(Kinds))]
    public async Task Publish_OtherProcessIsInTheMiddle_LearnsWhoAndHarmsNothing(string kind)
    {
        using var folder = new DiskFolder();
        await using StoreRoom room = await StoreRoom.OpenAsync(kind, azurite);
        string disk = await folder.MakeAsync("source.vhd", Content, VhdType.Dynamic);
        using TargetProcess other = Make(folder, room, disk, 1);
        int isStarted = 0;
        var progress = new ActionProgress(report =>
        {
            if (report.Activity == "Uploading disk" && Interlocked.Exchange(ref isStarted, 1) == 0)
            {
                other.RunAsync().GetAwaiter().GetResult();
            }
        });
        var options = new PublishOptions
        {
            SourcePath = disk,
            Destination = room.Address(Name),
            IsDataDisk = true,
            Connection = room.Connection,
            UploadsPath = folder["uploads"],
        };

        await DiskPublication.PublishAsync(options, progress, Token);

        Assert.StartsWith($"error {ErrorCode.BlobLeased}\t", other.Report, StringComparison.Ordinal);
        Assert.Contains($"process {Environment.ProcessId},", other.Report, StringComparison.Ordinal);
        await AssertHoldsAsync(room);
    }

    private static TargetProcess Make(DiskFolder folder, StoreRoom room, string disk, int number)
    {
        var process = new TargetProcess(
            "publish", disk, room.Address(Name), room.Connection.FolderPath ?? room.Connection.ConnectionString ?? "");
        process.Environment["AZUREVMROLE_HOME"] = folder[$"home{number}"];
        return process;
    }

    private static async Task AssertHoldsAsync(StoreRoom room)
    {
        byte[] bytes = await room.ReadAsync(Name);
        Assert.True(bytes.AsSpan(0, Content.Content.Length).SequenceEqual(Content.Content), "The content is another.");
        BlobProperties found = await room.FindAsync(Name);
        Assert.Equal((BlobMetadata.Complete, StoreRoom.HashOf(Content)), (found.Metadata[BlobMetadata.State], found.Metadata[BlobMetadata.ContentHash]));
        Assert.NotEqual(BlobLeaseState.Leased, found.LeaseState);
    }
}
