using AzureVmRole.TestKit.Killing;

namespace AzureVmRole.Engine.Tests.Killing;

/// <summary>The library that kills a process at a numbered call (<see cref="KillLibrary"/>), for the operations of these tests. Without it processes are killed by time alone.</summary>
internal static class KillShim
{
    /// <summary>The path of the library, or null.</summary>
    public static Task<string?> FindAsync() => KillLibrary.FindAsync();

    /// <summary>Loads it into a process.</summary>
    public static void Arm(TargetProcess process, string library, DiskFolder folder, KillPoint point) =>
        KillLibrary.Arm(process.Environment, library, folder.Path, point.Call, point.IsTorn);
}
