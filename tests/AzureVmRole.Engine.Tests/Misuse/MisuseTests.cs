using Xunit;

namespace AzureVmRole.Engine.Tests.Misuse;

/// <summary>Bad use gives one clear error with a code, a target and what to do, and changes nothing.</summary>
public sealed class MisuseTests
{
    public static TheoryData<string> Names => [.. MisuseCases.All.Select(misuse => misuse.Name)];

    [Theory(Timeout = 60_000)]
    [MemberData(nameof(Names))]
    public async Task Run_BadUse_OneClearErrorAndNothingChanged(string name)
    {
        MisuseCase misuse = MisuseCases.All.Single(candidate => candidate.Name == name);
        using var folder = new DiskFolder();
        await misuse.PrepareAsync(folder);
        using DiskFolder copy = folder.Copy();

        AzureVmRoleException exception = await Assert.ThrowsAnyAsync<AzureVmRoleException>(() => misuse.RunAsync(folder));

        MisuseAssert.Tells(exception, misuse.Code, folder[misuse.Target]);
        Assert.All(misuse.Told, part => Assert.Contains(part, exception.Message, StringComparison.Ordinal));
        MisuseAssert.IsUnchanged(folder, copy);
    }
}
