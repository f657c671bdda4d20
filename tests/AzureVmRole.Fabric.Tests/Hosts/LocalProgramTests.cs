using AzureVmRole.Fabric.Hosts;
using Xunit;

namespace AzureVmRole.Fabric.Tests.Hosts;

public sealed class LocalProgramTests
{
    private static readonly TimeSpan Long = TimeSpan.FromMinutes(1);

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Fact]
    public void Find_OnThePath_IsTheFirst()
    {
        Assert.Equal("/bin/sh", LocalProgram.Find("sh", "/nowhere::/bin:/usr/bin"));
        Assert.Null(LocalProgram.Find("sh", "/nowhere"));
    }

    [Fact]
    public async Task Run_ToItsEnd_HasExitCodeAndBothOutputs() =>
        Assert.Equal((3, "out\n", "err\n"), await LocalProgram.RunAsync("/bin/sh", ["-c", "cat; echo out; echo err >&2; exit 3"], Long, Token));

    [Fact]
    public async Task Run_TakesTooLong_IsKilled() =>
        Assert.Equal((null, "", ""), await LocalProgram.RunAsync("/bin/sh", ["-c", "exec cat /dev/zero >/dev/null"], TimeSpan.FromMilliseconds(1), Token));

    [Fact]
    public async Task Run_Cancelled_IsCancelled()
    {
        using var stop = new CancellationTokenSource();
        Task run = LocalProgram.RunAsync("/bin/sh", ["-c", "exec cat /dev/zero >/dev/null"], Long, stop.Token);
        await stop.CancelAsync();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => run);
    }
}
