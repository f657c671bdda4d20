using System.Security.Cryptography;
using System.Text;
using AzureVmRole.Engine.Images.Inspection;
using AzureVmRole.Engine.Storage;
using AzureVmRole.Engine.Storage.Saving;
using AzureVmRole.TestKit;
using Xunit;

namespace AzureVmRole.Engine.Tests.Storage.Saving;

/// <summary>What comes down is what went up, in every format, and nothing else ever gets the file's name.</summary>
public sealed class DiskSaveTests(AzuriteFixture azurite)
{
    private const int MiB = DiskFolder.MiB;

    public static TheoryData<string> Kinds => StoreRoom.Kinds;

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Theory(Timeout = 60_000)]
    [MemberData(nameof(Kinds))]
    public async Task Save_FixedVhd_BlobAsItIsAndSparse(string kind)
    {
        await using StoreRoom room = await StoreRoom.OpenAsync(kind, azurite);
        using var folder = new DiskFolder();
        ReferenceDisk content = DiskFolder.MakeContent(64 * MiB);
        await room.PutAsync("disk.vhd", content);
        var log = new NotedLog();

        BaseVhd saved = await DiskSave.SaveAsync(Options(room, folder["disk.vhd"], log), null, Token);

        byte[] file = await File.ReadAllBytesAsync(folder["disk.vhd"], Token);
        Assert.Equal(SHA256.HashData([.. content.Content, .. StoreRoom.MakeFooter(content)]), SHA256.HashData(file));
        Assert.Equal((VhdFormat.Vhd, VhdType.Fixed, 64L * MiB), (saved.VhdFormat, saved.VhdType, saved.Size));
        Assert.True(saved.AllocatedSize < 5 * MiB, $"The file occupies {saved.AllocatedSize} bytes.");
        Assert.Equal(["disk.vhd"], folder.Names);
        Assert.Contains(log.Texts, text => text.Contains(StoreRoom.HashOf(content), StringComparison.Ordinal));
    }

    [Theory(Timeout = 60_000)]
    [InlineData("disk.vhd", VhdType.Dynamic, VhdFormat.Vhd)]
    [InlineData("disk.vhdx", VhdType.Dynamic, VhdFormat.Vhdx)]
    [InlineData("disk.vhdx", VhdType.Fixed, VhdFormat.Vhdx)]
    [InlineData("disk.raw", VhdType.Fixed, VhdFormat.Raw)]
    public async Task Save_EachFormat_SameDisk(string name, VhdType type, VhdFormat format)
    {
        await using StoreRoom room = await StoreRoom.OpenAsync(StoreRoom.Folder, azurite);
        using var folder = new DiskFolder();
        ReferenceDisk content = DiskFolder.MakeContent();
        await room.PutAsync("disk.vhd", content);

        BaseVhd saved = await DiskSave.SaveAsync(Options(room, folder[name]) with { Type = type }, null, Token);

        folder.AssertReads(name, content);
        Assert.Equal((format, type), (saved.VhdFormat, saved.VhdType));
        Assert.Equal(format == VhdFormat.Raw ? Guid.Empty : new Guid("6D6F6465-6C20-4469-736B-000000000001"), saved.DiskIdentifier);
        Assert.Equal([name], folder.Names);
    }

    [Theory(Timeout = 60_000)]
    [InlineData("vhdxfile")]
    [InlineData("conectix")]
    public async Task Save_RawThatStartsLikeAnotherFormat_DescribedAsRaw(string signature)
    {
        await using StoreRoom room = await StoreRoom.OpenAsync(StoreRoom.Folder, azurite);
        using var folder = new DiskFolder();
        ReferenceDisk content = DiskFolder.MakeContent();
        Encoding.ASCII.GetBytes(signature).CopyTo(content.Content, 0);
        await room.PutAsync("disk.vhd", content);

        BaseVhd saved = await DiskSave.SaveAsync(Options(room, folder["disk.raw"]), null, Token);

        Assert.Equal((VhdFormat.Raw, content.Content.Length), (saved.VhdFormat, saved.Size));
        Assert.Equal(content.Content, await File.ReadAllBytesAsync(folder["disk.raw"], Token));
    }

    [Theory(Timeout = 60_000)]
    [InlineData("disk.raw", VhdType.Dynamic, ErrorCode.DiskTypeUnsuitable)]
    [InlineData("disk.qcow2", VhdType.Fixed, ErrorCode.DiskFormatUnsupported)]
    [InlineData("disk.vhd", VhdType.Differencing, ErrorCode.DiskTypeUnsuitable)]
    public async Task Save_FormatThatCannotBe_RefusedBeforeTheDownload(string name, VhdType type, ErrorCode code)
    {
        await using StoreRoom room = await StoreRoom.OpenAsync(StoreRoom.Folder, azurite);
        using var folder = new DiskFolder();
        await room.PutAsync("disk.vhd", DiskFolder.MakeContent());

        DiskOperationException exception = await Assert.ThrowsAsync<DiskOperationException>(
            () => DiskSave.SaveAsync(Options(room, folder[name]) with { Type = type }, null, Token));

        Assert.Equal((code, folder[name]), (exception.Code, exception.Target));
        Assert.Empty(folder.Names);
    }

    [Theory(Timeout = 60_000)]
    [MemberData(nameof(Kinds))]
    public async Task Save_Snapshot_ItsContent(string kind)
    {
        await using StoreRoom room = await StoreRoom.OpenAsync(kind, azurite);
        using var folder = new DiskFolder();
        ReferenceDisk content = DiskFolder.MakeContent();
        BlobName blob = await room.PutAsync("disk.vhd", content);
        string snapshot = await room.Store.CreateSnapshotAsync(blob, default, Token);
        await room.Store.WritePagesAsync(blob, 0, new byte[512], default, Token);

        SaveOptions options = Options(room, folder["disk.vhd"]);
        await DiskSave.SaveAsync(options with { Source = $"{options.Source}?snapshot={snapshot}" }, null, Token);

        folder.AssertReads("disk.vhd", content);
    }

    [Theory(Timeout = 60_000)]
    [MemberData(nameof(Kinds))]
    public async Task Save_OtherHashNoted_MismatchAndNothingLeft(string kind)
    {
        await using StoreRoom room = await StoreRoom.OpenAsync(kind, azurite);
        using var folder = new DiskFolder();
        ReferenceDisk content = DiskFolder.MakeContent();
        string noted = StoreRoom.HashOf(content.Copy().Fill(MiB, 512, 9));
        await room.PutAsync("disk.vhd", content, (BlobMetadata.ContentHash, noted));

        TransferException exception = await Assert.ThrowsAsync<TransferException>(
            () => DiskSave.SaveAsync(Options(room, folder["disk.vhd"]), null, Token));

        Assert.Equal(ErrorCode.ContentHashMismatch, exception.Code);
        Assert.Contains(noted, exception.Message, StringComparison.Ordinal);
        Assert.Contains(StoreRoom.HashOf(content), exception.Message, StringComparison.Ordinal);
        Assert.Empty(folder.Names);
    }

    [Theory(Timeout = 60_000)]
    [InlineData(true)]
    [InlineData(false)]
    public async Task Save_OnlyContentMd5Noted_ItIsChecked(bool isRight)
    {
        await using StoreRoom room = await StoreRoom.OpenAsync(StoreRoom.Folder, azurite);
        using var folder = new DiskFolder();
        ReferenceDisk content = DiskFolder.MakeContent();
        BlobName blob = await room.PutBytesAsync("disk.vhd", content, StoreRoom.MakeFooter(content));
#pragma warning disable CA5351 // What azcopy notes.
        byte[] md5 = MD5.HashData([.. content.Content, .. StoreRoom.MakeFooter(content)]);
#pragma warning restore CA5351
        md5[0] ^= isRight ? (byte)0 : (byte)1;
        await room.Store.SetContentMd5Async(blob, md5, default, Token);

        Task<BaseVhd> saving = DiskSave.SaveAsync(Options(room, folder["disk.vhd"]), null, Token);

        if (isRight)
        {
            await saving;
            folder.AssertReads("disk.vhd", content);
            return;
        }

        TransferException exception = await Assert.ThrowsAsync<TransferException>(() => saving);
        Assert.Equal(ErrorCode.ContentHashMismatch, exception.Code);
        Assert.Empty(folder.Names);
    }

    [Fact(Timeout = 60_000)]
    public async Task Save_NothingNoted_SavedAndSaidSo()
    {
        await using StoreRoom room = await StoreRoom.OpenAsync(StoreRoom.Folder, azurite);
        using var folder = new DiskFolder();
        ReferenceDisk content = DiskFolder.MakeContent();
        await room.PutBytesAsync("disk.vhd", content, StoreRoom.MakeFooter(content));
        var log = new NotedLog();

        await DiskSave.SaveAsync(Options(room, folder["disk.vhd"], log), null, Token);

        folder.AssertReads("disk.vhd", content);
        Assert.Contains(log.Texts, text => text.Contains("could not be compared", StringComparison.Ordinal));
    }

    [Theory(Timeout = 60_000)]
    [MemberData(nameof(Kinds))]
    public async Task Save_HalfUpload_Refused(string kind)
    {
        await using StoreRoom room = await StoreRoom.OpenAsync(kind, azurite);
        using var folder = new DiskFolder();
        await room.PutAsync(
            "disk.vhd", DiskFolder.MakeContent(), (BlobMetadata.State, BlobMetadata.Uploading), (BlobMetadata.Uploader, "somebody on elsewhere"));

        TransferException exception = await Assert.ThrowsAsync<TransferException>(
            () => DiskSave.SaveAsync(Options(room, folder["disk.vhd"]), null, Token));

        Assert.Equal(ErrorCode.UploadIncomplete, exception.Code);
        Assert.Contains("somebody on elsewhere", exception.Message, StringComparison.Ordinal);
        Assert.Empty(folder.Names);
    }

    [Theory(Timeout = 60_000)]
    [InlineData("cookie")]
    [InlineData("checksum")]
    [InlineData("size")]
    public async Task Save_NoFixedVhd_Refused(string wrong)
    {
        await using StoreRoom room = await StoreRoom.OpenAsync(StoreRoom.Folder, azurite);
        using var folder = new DiskFolder();
        ReferenceDisk content = DiskFolder.MakeContent();
        byte[] footer = wrong switch
        {
            "cookie" => new byte[512],
            "size" => StoreRoom.MakeFooter(new ReferenceDisk(13 * MiB)),
            _ => StoreRoom.MakeFooter(content),
        };
        footer[100] ^= wrong == "checksum" ? (byte)1 : (byte)0;
        await room.PutBytesAsync("disk.vhd", content, footer);

        TransferException exception = await Assert.ThrowsAsync<TransferException>(
            () => DiskSave.SaveAsync(Options(room, folder["disk.vhd"]), null, Token));

        Assert.Equal(ErrorCode.BlobTypeUnsuitable, exception.Code);
        Assert.Empty(folder.Names);
    }

    [Theory(Timeout = 60_000)]
    [MemberData(nameof(Kinds))]
    public async Task Save_NoSuchBlob_BlobNotFound(string kind)
    {
        await using StoreRoom room = await StoreRoom.OpenAsync(kind, azurite);
        using var folder = new DiskFolder();

        TransferException exception = await Assert.ThrowsAsync<TransferException>(
            () => DiskSave.SaveAsync(Options(room, folder["disk.vhd"]), null, Token));

        Assert.Equal((ErrorCode.BlobNotFound, room.Store.GetUri(room.Blob("disk.vhd")).ToString()), (exception.Code, exception.Target));
        Assert.Empty(folder.Names);
    }

    [Fact(Timeout = 60_000)]
    public async Task Save_TargetExists_ReplacedOnlyWhenAsked()
    {
        await using StoreRoom room = await StoreRoom.OpenAsync(StoreRoom.Folder, azurite);
        using var folder = new DiskFolder();
        ReferenceDisk content = DiskFolder.MakeContent();
        await room.PutAsync("disk.vhd", content);
        await folder.MakeAsync("disk.vhd", new ReferenceDisk(MiB));

        DiskOperationException exception = await Assert.ThrowsAsync<DiskOperationException>(
            () => DiskSave.SaveAsync(Options(room, folder["disk.vhd"]), null, Token));
        folder.AssertReads("disk.vhd", new ReferenceDisk(MiB));
        await DiskSave.SaveAsync(Options(room, folder["disk.vhd"]) with { Overwrite = true }, null, Token);

        Assert.Equal((ErrorCode.TargetExists, folder["disk.vhd"]), (exception.Code, exception.Target));
        folder.AssertReads("disk.vhd", content);
        Assert.Equal(["disk.vhd"], folder.Names);
    }

    [Fact(Timeout = 60_000)]
    public async Task Save_DiskOfZeros_NothingOccupied()
    {
        await using StoreRoom room = await StoreRoom.OpenAsync(StoreRoom.Folder, azurite);
        using var folder = new DiskFolder();
        await room.PutAsync("disk.vhd", new ReferenceDisk(8 * MiB));

        await DiskSave.SaveAsync(Options(room, folder["disk.vhd"]), null, Token);

        BaseVhd disk = await DiskInspection.InspectAsync(folder["disk.vhd"], Token);
        Assert.True(disk.AllocatedSize <= 65_536, $"The file occupies {disk.AllocatedSize} bytes.");
        folder.AssertReads("disk.vhd", new ReferenceDisk(8 * MiB));
    }

    private static SaveOptions Options(StoreRoom room, string path, NotedLog? log = null) => new()
    {
        Source = room.Address("disk.vhd"),
        DestinationPath = path,
        Connection = room.Connection with { Log = log },
    };
}
