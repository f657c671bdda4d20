using System.Net;
using AzureVmRole.Daemon.Hosting;
using AzureVmRole.TestKit;
using Microsoft.Data.Sqlite;
using Xunit;

namespace AzureVmRole.Daemon.Tests.Faults;

/// <summary>The daemon as a process over a home that something has happened to.</summary>
public sealed class DamagedHomeTests
{
    private const int Timeout = 180_000;

    private static CancellationToken Stop => TestContext.Current.CancellationToken;

    [Theory(Timeout = Timeout)]
    [InlineData("truncated")]
    [InlineData("random")]
    [InlineData("zero pages")]
    [InlineData("no database")]
    [InlineData("later version")]
    [InlineData("not a version")]
    [InlineData("tables missing")]
    public async Task Start_DamagedDatabase_IsRefusedWithTheWayOutAndTheBackupIsKept(string damage)
    {
        using var home = new TemporaryFolder();
        using (DaemonProcess first = await DaemonProcess.StartAsync(home.Path, Stop))
        {
            for (int count = 0; count < 40; count++)
            {
                Assert.Equal(HttpStatusCode.Created, (await first.SendAsync(Stop, "PUT", $"{first.Subscription}/resourceGroups/g{count}", """{"location":"local1"}""")).Status);
            }

            Assert.Equal(0, await first.StopAsync(Stop));
        }

        string database = Path.Combine(home.Path, "fabric", "fabric.db");
        byte[] backup = await File.ReadAllBytesAsync(database + ".backup", Stop);
        Damage(database, damage);
        byte[] damaged = await File.ReadAllBytesAsync(database, Stop);

        (DaemonProcess? daemon, int code, string errors) = await DaemonProcess.TryStartAsync(home.Path, Stop);
        daemon?.Dispose();

        Assert.Equal((int)ExitCode.DatabaseDamaged, code);
        Assert.Contains(database, errors, StringComparison.Ordinal);
        Assert.Contains("Recommendation: ", errors, StringComparison.Ordinal);
        Assert.Equal(damaged, await File.ReadAllBytesAsync(database, Stop));
        Assert.Equal(backup, await File.ReadAllBytesAsync(database + ".backup", Stop));
        Assert.False(File.Exists(Path.Combine(home.Path, "fabric", "fabric.json")));
        if (damage == "later version")
        {
            return;
        }

        // The way out that the recommendation names.
        Assert.Contains(database + ".backup", errors, StringComparison.Ordinal);
        File.Delete(database + "-wal");
        File.Delete(database + "-shm");
        File.Move(database + ".backup", database, overwrite: true);
        using DaemonProcess again = await DaemonProcess.StartAsync(home.Path, Stop);
        Assert.Equal(HttpStatusCode.OK, (await again.SendAsync(Stop, "GET", $"{again.Subscription}/resourceGroups/g39")).Status);
    }

    [Fact(Timeout = Timeout)]
    public async Task Start_SecondOnOneHome_SaysWhoHasItAndAKilledFirstIsNoObstacle()
    {
        using var home = new TemporaryFolder();
        using (DaemonProcess first = await DaemonProcess.StartAsync(home.Path, Stop))
        {
            (DaemonProcess? second, int code, string errors) = await DaemonProcess.TryStartAsync(home.Path, Stop);
            Assert.Null(second);
            Assert.Equal((int)ExitCode.HomeInUse, code);
            Assert.Contains($"process {first.Id}", errors, StringComparison.Ordinal);
            Assert.Equal(HttpStatusCode.OK, (await first.SendAsync(Stop, "GET", "/fabric/health")).Status);
            first.Kill();
            await first.WaitForExitAsync(Stop);
        }

        string[] secrets = [.. new[] { "token", "certificate.pem" }.Select(name => File.ReadAllText(Path.Combine(home.Path, "fabric", name)))];
        await File.WriteAllTextAsync(Path.Combine(home.Path, "fabric", "token.0123.partial"), "half a secret", Stop);
        using DaemonProcess third = await DaemonProcess.StartAsync(home.Path, Stop);
        Assert.Equal(third.Id, third.Note["processId"]!.GetValue<int>());
        Assert.Equal(secrets, new[] { "token", "certificate.pem" }.Select(name => File.ReadAllText(third.FileOf(name))), StringComparer.Ordinal);
        Assert.False(File.Exists(third.FileOf("token.0123.partial")));
    }

    [Fact(Timeout = Timeout)]
    public async Task Start_ManyAtOnceOnOneHome_OneHasIt()
    {
        using var home = new TemporaryFolder();
        (DaemonProcess? Daemon, int ExitCode, string Errors)[] started = await Task.WhenAll(
            Enumerable.Range(0, 4).Select(_ => DaemonProcess.TryStartAsync(home.Path, Stop)));
        try
        {
            DaemonProcess winner = Assert.Single(started, one => one.Daemon is not null).Daemon!;
            Assert.All(started.Where(one => one.Daemon is null), one => Assert.True(one.ExitCode == (int)ExitCode.HomeInUse, $"{one.ExitCode}: {one.Errors}"));
            Assert.Equal(HttpStatusCode.OK, (await winner.SendAsync(Stop, "GET", "/subscriptions")).Status);
        }
        finally
        {
            Array.ForEach(started, one => one.Daemon?.Dispose());
        }
    }

    private static void Damage(string database, string damage)
    {
        byte[] bytes = File.ReadAllBytes(database);
        switch (damage)
        {
            case "truncated":
                File.WriteAllBytes(database, bytes[..(bytes.Length / 2)]);
                break;
            case "random":
                new Random(3).NextBytes(bytes.AsSpan(4096));
                File.WriteAllBytes(database, bytes);
                break;
            case "zero pages":
                bytes.AsSpan(8192, 8192).Clear();
                File.WriteAllBytes(database, bytes);
                break;
            case "no database":
                File.WriteAllText(database, string.Concat(Enumerable.Repeat("This is a text.\n", 1000)));
                break;
            case "later version":
                Run(database, "PRAGMA user_version = 99");
                break;
            case "not a version":
                Run(database, "PRAGMA user_version = -7");
                break;
            default:
                Run(database, "DROP TABLE operations");
                break;
        }
    }

    private static void Run(string database, string text)
    {
        using var connection = new SqliteConnection(new SqliteConnectionStringBuilder { DataSource = database, Pooling = false }.ConnectionString);
        connection.Open();
        using SqliteCommand command = connection.CreateCommand();
#pragma warning disable CA2100 // Constants of this class.
        command.CommandText = text;
#pragma warning restore CA2100
        command.ExecuteNonQuery();
    }
}
