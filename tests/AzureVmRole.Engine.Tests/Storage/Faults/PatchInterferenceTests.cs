using AzureVmRole.Engine.Storage;
using AzureVmRole.TestKit.Faults;
using Xunit;

namespace AzureVmRole.Engine.Tests.Storage.Faults;

/// <summary>Somebody changes the base, or takes the target, while a difference is uploaded on the base. AZVMROLE_FAULT_RUNS adds deeds.</summary>
public sealed class PatchInterferenceTests(AzuriteFixture azurite)
{
    private static readonly string[] BaseDeeds = ["deleted", "written to", "metadata rewritten", "replaced"];
    private static readonly string[] TargetDeeds = ["deleted", "lease broken", "replaced"];

    public static TheoryData<string> OnBase => [.. FaultRuns.AreLong ? BaseDeeds : BaseDeeds.Take(1)];

    public static TheoryData<string> OnTarget => [.. FaultRuns.AreLong ? TargetDeeds : TargetDeeds.Take(1)];

    /// <summary>Either the base was copied before, or the upload stops and says what became of the base.</summary>
    [Theory(Timeout = 120_000)]
    [MemberData(nameof(OnBase))]
    public async Task Patch_BaseChangedBeforeAnyRequest_EndsRightOrStopsAndNamesTheBase(string deed)
    {
        using PatchDisks disks = await PatchDisks.MakeAsync();
        int stopped = 0;
        int requests = await CountAsync(_ => true);
        await Task.WhenAll(Enumerable.Range(1, requests).Select(async number =>
        {
            await using PatchStage stage = await PatchStage.SetAsync(azurite, disks);
            byte[]? theirs = null;
            Arm(stage, _ => true, number, async token => theirs = await MeddleAsync(stage.Base, deed, token));
            AzureVmRoleException? exception = await stage.TryPatchAsync();
            Assert.Equal(theirs, (await BlobView.ReadAsync(stage.Base, TestContext.Current.CancellationToken))?.Content);
            if (exception is null)
            {
                await stage.AssertCompleteAsync();
                return;
            }

            Interlocked.Increment(ref stopped);
            ErrorCode[] clear = [ErrorCode.BaseImageMismatch, ErrorCode.BlobChanged, ErrorCode.BlobNotFound, ErrorCode.BlobTypeUnsuitable];
            Assert.True(clear.Contains(exception.Code), $"Request {number}: {exception}");
            Assert.Contains(stage.Base.AbsolutePath, exception.Target?.ToString(), StringComparison.Ordinal);
            await stage.AssertStoppedAsync(exception);
        }));
        Assert.InRange(stopped, 1, requests - 1);
    }

    [Theory(Timeout = 120_000)]
    [MemberData(nameof(OnTarget))]
    public async Task Patch_TargetTakenAwayBeforeAnyWrite_StopsWithLeaseLost(string deed)
    {
        using PatchDisks disks = await PatchDisks.MakeAsync();
        int writes = await CountAsync(IsWrite);
        await Task.WhenAll(Enumerable.Range(1, writes).Select(async number =>
        {
            await using PatchStage stage = await PatchStage.SetAsync(azurite, disks);
            byte[]? theirs = null;
            Arm(stage, IsWrite, number, async token =>
            {
                await BlobView.BreakLeaseAsync(stage.Store.Direct(), token);
                theirs = await MeddleAsync(stage.Store.Direct(), deed, token);
            });
            AzureVmRoleException? exception = await stage.TryPatchAsync();
            Assert.True(exception?.Code == ErrorCode.LeaseLost, $"Write {number}: {exception}");
            await stage.AssertStoppedAsync(exception);
            BlobView? view = await stage.Store.LookAsync();
            Assert.False(view?.State == BlobMetadata.Complete);
            Assert.Equal(deed == "deleted", view is null);
            if (deed != "lease broken")
            {
                Assert.Equal(theirs, view?.Content);
            }
            await stage.AssertBaseIsUntouchedAsync();
        }));
    }

    private static bool IsWrite(ProxiedRequest request) => request.Method == "PUT"
        && request.Path.EndsWith("/disk.vhd", StringComparison.Ordinal)
        && (request.Comp is "page" or "metadata" || request.Header("x-ms-copy-source") is not null);

    private static void Arm(PatchStage stage, Func<ProxiedRequest, bool> when, int number, Func<CancellationToken, Task> deed) =>
        stage.Store.Proxy.Add(new FaultRule { When = when, First = number, Fault = new Fault { Before = (_, token) => deed(token) } });

    /// <summary>What another client does to a blob; returns what the blob holds then.</summary>
    private static async Task<byte[]?> MeddleAsync(Uri address, string deed, CancellationToken token)
    {
        switch (deed)
        {
            case "written to":
                await BlobView.WriteAsync(address, 8192, new byte[4096], token);
                break;
            case "metadata rewritten":
                await BlobView.SetMetadataAsync(address, "owner", "somebody", token);
                break;
            case "deleted":
                await BlobView.DeleteAsync(address, token);
                break;
            case "replaced":
                long length = (await BlobView.ReadAsync(address, token))?.Content.Length ?? 0;
                await BlobView.DeleteAsync(address, token);
                await BlobView.CreateAsync(address, length, token);
                await BlobView.WriteAsync(address, 4096, new byte[4096], token);
                break;
            default:
                break;
        }

        return (await BlobView.ReadAsync(address, token))?.Content;
    }

    private async Task<int> CountAsync(Func<ProxiedRequest, bool> when)
    {
        using PatchDisks disks = await PatchDisks.MakeAsync();
        await using PatchStage stage = await PatchStage.SetAsync(azurite, disks);
        Assert.Null(await stage.TryPatchAsync());
        return stage.Store.Proxy.Requests.Count(when);
    }
}
