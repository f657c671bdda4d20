using AzureVmRole.Daemon.Logging;
using AzureVmRole.TestKit;
using Xunit;

namespace AzureVmRole.Daemon.Tests.Logging;

public sealed class RolledFileTests
{
    [Fact]
    public void Write_MuchMoreThanIsKept_StaysBounded()
    {
        using var folder = new TemporaryFolder();
        using var file = new RolledFile(folder.File("a.log"), 100);

        for (int line = 0; line < 100; line++)
        {
            file.Write($"line {line}, some words");
        }

        Assert.Equal("a.log a.log.1 a.log.2 a.log.3 a.log.4", string.Join(' ', Directory.GetFiles(folder.Path).Select(Path.GetFileName).Order(StringComparer.Ordinal)));
        Assert.All(Directory.GetFiles(folder.Path), path => Assert.InRange(new FileInfo(path).Length, 1, 100));
        Assert.EndsWith("line 99, some words\n", File.ReadAllText(folder.File("a.log")));
    }

    [Fact]
    public void Write_LogWasTakenAway_BeginsANewOne()
    {
        using var folder = new TemporaryFolder();
        string path = folder.File("a.log");
        using var file = new RolledFile(path, 20);
        file.Write("before, twelve");
        File.Delete(path);

        file.Write("after, and more");
        file.Write("again, and more");

        Assert.Equal("again, and more\n", File.ReadAllText(path));
        Assert.Equal("after, and more\n", File.ReadAllText(path + ".1"));
    }

    [Fact]
    public void Write_LogCannotBeRolled_GoesOnWhenItCan()
    {
        using var folder = new TemporaryFolder();
        string path = folder.File("a.log");
        using var file = new RolledFile(path, 20);
        file.Write("before, twelve");
        File.WriteAllText(path + ".3", "old");
        Directory.CreateDirectory(Path.Combine(path + ".4", "in the way"));

        file.Write("lost, and more words");
        Directory.Delete(path + ".4", recursive: true);
        file.Write("after, and more");

        Assert.Equal("{\"lost\":1}\nafter, and more\n", File.ReadAllText(path));
        Assert.Equal("before, twelve\n", File.ReadAllText(path + ".1"));
    }
}
