using AzureVmRole.Engine.Storage.Publishing;
using AzureVmRole.TestKit;
using AzureVmRole.TestKit.Faults;
using Xunit;

namespace AzureVmRole.Engine.Tests.Storage.Faults;

/// <summary>
/// From some request of an upload with a base image on, nothing is answered as it should be: it stops with one clear error, and
/// the next attempt finishes.
/// </summary>
public sealed class PatchOutageTests(AzuriteFixture azurite)
{
    /// <summary>The signature has expired; with AZVMROLE_FAULT_RUNS also that it does not allow what is asked.</summary>
    public static TheoryData<string, ErrorCode> Refusals => FaultRuns.AreLong
        ? [("AuthenticationFailed", ErrorCode.AuthenticationFailed), ("AuthorizationFailure", ErrorCode.AuthorizationFailed)]
        : [("AuthenticationFailed", ErrorCode.AuthenticationFailed)];

    [Theory(Timeout = 120_000)]
    [MemberData(nameof(Refusals))]
    public async Task Patch_RefusedFromAnyRequestOn_StopsAndNextAttemptFinishes(string serviceCode, ErrorCode expected)
    {
        using PatchDisks disks = await PatchDisks.MakeAsync();
        int requests = await CountUntilCompleteAsync(disks);
        await Task.WhenAll(Enumerable.Range(1, requests).Select(async number =>
        {
            await using PatchStage stage = await PatchStage.SetAsync(azurite, disks);
            stage.Store.Proxy.Add(new FaultRule
            {
                First = number, Count = int.MaxValue, Fault = new Fault { Answer = new InjectedAnswer(403, serviceCode) },
            });
            AzureVmRoleException? exception = await stage.TryPatchAsync(With(stage, AccountSignature.Create()));
            Assert.True(exception?.Code == expected, $"Request {number}: {exception}");
            await stage.AssertStoppedAsync(exception);

            stage.Store.Proxy.Heal();
            string other = AccountSignature.Create(expiresOn: new DateTimeOffset(2098, 1, 1, 0, 0, 0, TimeSpan.Zero));
            Assert.Null(await stage.TryPatchAsync(With(stage, other)));
            await stage.AssertCompleteAsync();
            await stage.AssertBaseIsUntouchedAsync();
        }));
    }

    private static PublishOptions With(PatchStage stage, string signature)
    {
        PublishOptions options = stage.ToPatch();
        return options with { Connection = options.Connection with { SharedAccessSignature = signature } };
    }

    /// <summary>What comes after the metadata that makes it complete is only the lease's release, which nobody needs.</summary>
    private async Task<int> CountUntilCompleteAsync(PatchDisks disks)
    {
        await using PatchStage stage = await PatchStage.SetAsync(azurite, disks);
        Assert.Null(await stage.TryPatchAsync(With(stage, AccountSignature.Create())));
        return stage.Store.Proxy.Requests.Last(request => request.Comp == "metadata").Number;
    }
}
