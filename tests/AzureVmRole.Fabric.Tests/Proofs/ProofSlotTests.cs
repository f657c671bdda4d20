using AzureVmRole.Fabric.Proofs;
using AzureVmRole.TestKit;
using Xunit;

namespace AzureVmRole.Fabric.Tests.Proofs;

public sealed class ProofSlotTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    public void Dispose() => _folder.Dispose();

    [Fact(Timeout = 60_000)]
    public async Task Take_RoomForOne_TheSecondWaitsForTheFirstAndSaysSoOnce()
    {
        var memory = new MachineMemory(2000, 2000);
        ProofSlot first = await TakeAsync(1000, memory, note: null);
        var notes = new List<string>();
        var waits = new TaskCompletionSource();

        Task<ProofSlot> second = TakeAsync(1000, memory, note =>
        {
            notes.Add(note);
            waits.TrySetResult();
        });
        await waits.Task;
        Assert.False(second.IsCompleted);
        first.Dispose();
        (await second).Dispose();

        Assert.Equal(["Waiting for memory: 1256 MiB are needed, but proofs together may use 1600 MiB of this machine's 2000 MiB, and 1256 MiB are in use. Another proof runs."], notes);
        Assert.Empty(Directory.EnumerateFiles(_folder.Path, "*.proof"));
    }

    [Fact(Timeout = 60_000)]
    public async Task Take_RoomForTwo_BothHaveOne()
    {
        using ProofSlot first = await TakeAsync(500, new MachineMemory(4000, 4000), note: null);
        using ProofSlot second = await TakeAsync(500, new MachineMemory(4000, 4000), note: null);

        Assert.Equal(2, Directory.EnumerateFiles(_folder.Path, "756-*.proof").Count());
    }

    [Theory]
    [InlineData(1000, 1000)]
    [InlineData(4000, 900)]
    public async Task Take_TooLittleAndNobodyToWaitFor_SaysWhatIsThere(long total, long available)
    {
        FabricException failure = await Assert.ThrowsAsync<FabricException>(() => TakeAsync(1000, new MachineMemory(total, available), note: null));

        Assert.Equal(ErrorCode.AllocationFailed, failure.Code);
        Assert.Contains("needs 1256 MiB", failure.Message, StringComparison.Ordinal);
        Assert.Contains("-MemoryInMB", failure.RecommendedAction, StringComparison.Ordinal);
    }

    [Fact(Timeout = 60_000)]
    public async Task Take_AfterAKilledProof_RemovesWhatItLeft()
    {
        string scratch = Directory.CreateDirectory(_folder.File("azvmrole-left")).FullName;
        await File.WriteAllTextAsync(Path.Combine(scratch, "key"), "secret", Token);
        string other = Directory.CreateDirectory(_folder.File("somebody")).FullName;
        await File.WriteAllTextAsync(_folder.File("900-a.proof"), scratch, Token);
        await File.WriteAllTextAsync(_folder.File("900-b.proof"), other, Token);

        using ProofSlot slot = await TakeAsync(500, new MachineMemory(1000, 1000), note: null);

        Assert.False(Directory.Exists(scratch));
        Assert.True(Directory.Exists(other));
        Assert.Single(Directory.EnumerateFiles(_folder.Path, "*.proof"));
    }

    [Fact]
    public void Memory_OfThisMachine_IsSomeAndNotMoreThanAll()
    {
        var memory = MachineMemory.Read();

        Assert.InRange(memory.AvailableInMiB, 1, memory.TotalInMiB);
    }

    private Task<ProofSlot> TakeAsync(int memoryInMiB, MachineMemory memory, Action<string>? note) =>
        ProofSlot.TakeAsync(_folder.Path, memoryInMiB, _folder.File("azvmrole-own"), note, () => memory, TimeProvider.System, Token);
}
