using AzureVmRole.Engine.Tests.Killing;
using Xunit;

namespace AzureVmRole.Engine.Tests.Misuse;

/// <summary>What an account may not read or write is refused by name. Run in a process of an account without rights.</summary>
public sealed class NoRightsTests
{
    private const UnixFileMode Everyone = (UnixFileMode)0b111_111_111;
    private const UnixFileMode NobodyWrites = (UnixFileMode)0b101_101_101;

    public static TheoryData<string, string> Rows => new()
    {
        { "create", "closed/new.vhd" },
        { "convert-unreadable", "secret.vhd" },
        { "convert-into-closed", "closed/new.vhd" },
        { "resize", "closed/disk.vhd" },
        { "optimize", "closed/disk.vhd" },
        { "merge", "closed/child.vhd" },
    };

    [Theory(Timeout = 60_000)]
    [MemberData(nameof(Rows))]
    public async Task Run_WithoutRights_Refused(string name, string target)
    {
        if (OperatingSystem.IsWindows() || Environment.UserName != "root")
        {
            Assert.Skip("Only root can run a process as another account.");
            return;
        }

        Programs.Require("setpriv");
        using var folder = new DiskFolder();
        Directory.CreateDirectory(folder["closed"]);
        await folder.MakeAsync("secret.vhd", DiskFolder.MakeContent());
        await folder.MakeAsync("closed/disk.vhd", DiskFolder.MakeContent());
        await folder.MakeDifferenceAsync("closed/child.vhd", "closed/disk.vhd", DiskFolder.MakeContent(), (0, 512, 5));
        File.SetUnixFileMode(folder.Path, Everyone);
        File.SetUnixFileMode(folder["secret.vhd"], UnixFileMode.UserRead | UnixFileMode.UserWrite);
        File.SetUnixFileMode(folder["closed"], NobodyWrites);
        using DiskFolder copy = folder.Copy();
        using var process = new TargetProcess(Words(folder, name));
        process.RunAsNobody();

        await process.RunAsync();

        string[] parts = process.Report.Split('\t');
        Assert.True(parts.Length == 4, process.Report);
        Assert.Equal(($"error {ErrorCode.AccessDenied}", folder[target]), (parts[0], parts[1]));
        Assert.NotEmpty(parts[2]);
        Assert.Contains(folder[target], parts[3], StringComparison.Ordinal);
        MisuseAssert.IsUnchanged(folder, copy);
    }

    private static string[] Words(DiskFolder folder, string name) => name switch
    {
        "create" => ["create", folder["closed/new.vhd"], "Fixed", "1048576"],
        "convert-unreadable" => ["convert", folder["secret.vhd"], folder["new.vhd"], "Fixed"],
        "convert-into-closed" => ["convert", folder["closed/disk.vhd"], folder["closed/new.vhd"], "Fixed"],
        "resize" => ["resize", folder["closed/disk.vhd"], "20971520"],
        "optimize" => ["optimize", folder["closed/disk.vhd"]],
        _ => ["merge", folder["closed/child.vhd"]],
    };
}
