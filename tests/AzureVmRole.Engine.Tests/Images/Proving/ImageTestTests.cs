using AzureVmRole.Engine.Images.Proving;
using AzureVmRole.Engine.Tests.Compute;
using Xunit;

namespace AzureVmRole.Engine.Tests.Images.Proving;

/// <summary>What becomes of what the program that boots an image tells. The program is a shell script here; the real one is in the daemon's tests, and both together in Pester's.</summary>
public sealed class ImageTestTests : IDisposable
{
    private const string Ready = """
        {"kind":"report","isReady":true,"reason":null,"isBooted":true,"address":"10.0.0.4","agent":"cloud-init","agentVersion":"22.4.2","sshLogin":true,"sshMessage":"in","accelerator":"tcg","generation":1,"durationInSeconds":12.5,"steps":[{"afterInSeconds":0,"boot":1,"what":"Started"},{"afterInSeconds":12.5,"boot":1,"what":"Reported Ready"}]}
        """;

    private readonly DiskFolder _folder = new();

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    public void Dispose() => _folder.Dispose();

    [Fact(Timeout = 60_000)]
    public async Task Test_WithoutBoot_IsWhatTheRulesSay()
    {
        VMImageProof proof = await ImageTest.TestAsync(new ImageTestOptions { Path = MakeDisk() }, null, Token);

        Assert.Equal((VMImageVerdict.Unfit, false, null), (proof.Verdict, proof.IsBootTried, proof.Accelerator));
        Assert.Contains(proof.Readiness.Findings, finding => finding.Severity == FindingSeverity.Error && proof.Reason!.Contains(finding.Found, StringComparison.Ordinal));
        Assert.Contains("-Boot", Assert.Single(proof.NotProven), StringComparison.Ordinal);
    }

    [Fact(Timeout = 60_000)]
    public async Task Test_GuestReady_EverythingOfTheReportIsThere()
    {
        var log = new RecordedLog();

        VMImageProof proof = await BootAsync(Script($$"""
            echo '{"kind":"step","afterInSeconds":0,"boot":1,"what":"Started"}'
            echo 'no message'
            for number in $(seq 30); do echo "{\"kind\":\"console\",\"line\":\"line $number\"}"; done
            echo '{{Ready}}'
            cat >/dev/null
            """), log);

        Assert.Equal((VMImageVerdict.FileUnfit, true, true), (proof.Verdict, proof.IsBootTried, proof.IsBooted));
        Assert.Equal(("10.0.0.4", "cloud-init", "22.4.2"), (proof.Address, proof.Agent, proof.AgentVersion));
        Assert.Equal((true, "in", "tcg", DiskGeneration.Gen1), (proof.IsSshLoggedIn, proof.SshMessage, proof.Accelerator, proof.Generation));
        Assert.Equal((TimeSpan.FromSeconds(12.5), "12.5 s Reported Ready"), (proof.Duration, proof.Steps[^1].ToString()));
        Assert.Equal(("line 11", "line 30", 20), (proof.ConsoleTail[0], proof.ConsoleTail[^1], proof.ConsoleTail.Length));
        Assert.Contains("disk.raw | line 1", log.Decisions, StringComparer.Ordinal);
        Assert.Contains(proof.NotProven, text => text.Contains("hv_storvsc", StringComparison.Ordinal));
    }

    [Fact(Timeout = 60_000)]
    public async Task Test_GuestNotReady_SaysWhy()
    {
        VMImageProof proof = await BootAsync(Script("""echo '{"kind":"report","isReady":false,"reason":"The kernel gave up.","generation":2,"accelerator":"tcg","sshLogin":null}'"""));

        Assert.Equal((VMImageVerdict.NotReady, "The kernel gave up.", null), (proof.Verdict, proof.Reason, proof.IsSshLoggedIn));
        Assert.Equal(DiskGeneration.Gen2, proof.Generation);
    }

    [Theory(Timeout = 60_000)]
    [InlineData("FabricNotInstalled", typeof(FabricException), ErrorCode.FabricNotInstalled)]
    [InlineData("DiskInUse", typeof(DiskOperationException), ErrorCode.DiskInUse)]
    [InlineData("RequestInvalid", typeof(FabricException), ErrorCode.RequestInvalid)]
    [InlineData("Unheard", typeof(FabricException), ErrorCode.FabricFailed)]
    public async Task Test_ProgramTellsAnError_ItIsRaised(string code, Type type, ErrorCode expected)
    {
        var failure = (AzureVmRoleException)await Assert.ThrowsAsync(
            type, () => BootAsync(Script($$"""echo '{"kind":"error","code":"{{code}}","message":"No room.","recommendation":"Make some."}'; exit 1""")));

        Assert.Equal((expected, "Make some."), (failure.Code, failure.RecommendedAction));
        Assert.Contains("No room.", failure.Message, StringComparison.Ordinal);
    }

    [Fact(Timeout = 60_000)]
    public async Task Test_ProgramEndsWithoutAVerdict_SaysHowAndWhatItSaid()
    {
        FabricException failure = await Assert.ThrowsAsync<FabricException>(() => BootAsync(Script("echo broken >&2; exit 3")));

        Assert.Equal(ErrorCode.FabricFailed, failure.Code);
        Assert.Contains("exit code 3 before its verdict: broken", failure.Message, StringComparison.Ordinal);
    }

    [Fact(Timeout = 60_000)]
    public async Task Test_Cancelled_TheProgramIsAskedToEndAndWaitedFor()
    {
        using var stop = CancellationTokenSource.CreateLinkedTokenSource(Token);
        var log = new ActingLog(stop.Cancel);

        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => ImageTest.TestAsync(
            Options(Script($"""echo '{"{"}"kind":"note","text":"up"{"}"}'; cat >/dev/null; touch '{_folder["ended"]}'""")) with { Log = log }, null, stop.Token));

        Assert.True(File.Exists(_folder["ended"]));
    }

    [Fact(Timeout = 60_000)]
    public async Task Test_DiskThatCannotBeRead_IsNotBooted()
    {
        string disk = _folder["broken.vhd"];
        await File.WriteAllTextAsync(disk, "no disk", Token);

        VMImageProof proof = await ImageTest.TestAsync(Options(Script("touch never")) with { Path = disk }, null, Token);

        Assert.Equal((VMImageVerdict.Unfit, false), (proof.Verdict, proof.IsBootTried));
        Assert.Contains("VhdFooterMissing", proof.Reason, StringComparison.Ordinal);
    }

    private Task<VMImageProof> BootAsync(string[] program, IOperationLog? log = null) => ImageTest.TestAsync(Options(program) with { Log = log }, null, Token);

    private ImageTestOptions Options(string[] program) => new() { Path = MakeDisk(), Boot = true, Program = program };

    private string MakeDisk() => File.Exists(_folder["disk.raw"]) ? _folder["disk.raw"] : _folder.MakeRaw("disk.raw", DiskFolder.MakeContent());

    private string[] Script(string text)
    {
        Assert.SkipWhen(OperatingSystem.IsWindows(), "Needs a shell.");
        string path = _folder["program.sh"];
        File.WriteAllText(path, text);
        return ["/bin/sh", path];
    }

    private sealed class ActingLog(Action act) : IOperationLog
    {
        public void WriteDecision(string text) => act();

        public void WriteWarning(string text) => Assert.Fail(text);
    }
}
