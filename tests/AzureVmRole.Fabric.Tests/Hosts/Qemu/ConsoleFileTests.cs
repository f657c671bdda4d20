using System.Text;
using AzureVmRole.Fabric.Hosts.Qemu;
using Xunit;

namespace AzureVmRole.Fabric.Tests.Hosts.Qemu;

/// <summary>Who reads the console's file while the guest writes sees a beginning of it, whole lines stay where they were, and nothing of an earlier boot.</summary>
public sealed class ConsoleFileTests : IDisposable
{
    private readonly string _folder = Directory.CreateTempSubdirectory("azvmrole-console-").FullName;

    private string FilePath => Path.Combine(_folder, "console.log");

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    [Fact]
    public void Write_AgainAndAgain_GrowsAtTheEndForAReaderThatKeepsItOpen()
    {
        File.WriteAllText(FilePath, "an earlier boot, and a longer one");
        var log = new ConsoleLog();
        var file = new ConsoleFile(FilePath, log);
        log.Write("first\n"u8);
        file.Write();
        using var reader = new StreamReader(new FileStream(FilePath, FileMode.Open, FileAccess.Read, FileShare.ReadWrite | FileShare.Delete));
        Assert.Equal("first\n", reader.ReadToEnd());
        file.Write();
        log.Write("second\n"u8);
        file.Write();
        Assert.Equal("second\n", reader.ReadToEnd());
        Assert.Equal("first\nsecond\n", File.ReadAllText(FilePath));
        Assert.Equal([FilePath], Directory.GetFiles(_folder));
    }

    [Theory]
    [InlineData(null)]
    [InlineData("fir")]
    public void Write_FileDeletedOrCut_HasEverythingAgain(string? rest)
    {
        var log = new ConsoleLog();
        var file = new ConsoleFile(FilePath, log);
        log.Write("first\n"u8);
        file.Write();
        File.Delete(FilePath);
        if (rest is not null)
        {
            File.WriteAllText(FilePath, rest);
        }

        log.Write("second\n"u8);
        file.Write();
        Assert.Equal("first\nsecond\n", File.ReadAllText(FilePath));
    }

    /// <summary>The first MiB is kept apart from what follows: what is added begins before, at and behind that place.</summary>
    [Fact]
    public void Write_PieceByPiece_HasWhatWasWritten()
    {
        var log = new ConsoleLog();
        var file = new ConsoleFile(FilePath, log);
        byte[] text = new byte[3 << 19];
        Random.Shared.NextBytes(text);
        int start = 0;
        foreach (int end in (ReadOnlySpan<int>)[1000, (1 << 20) - 1, (1 << 20) + 1, (1 << 20) + 2, text.Length])
        {
            log.Write(text.AsSpan(start..end));
            file.Write();
            Assert.Equal(text[..end], File.ReadAllBytes(FilePath));
            start = end;
        }
    }

    [Fact]
    public void Write_LongerThanWhatIsKept_HasTheBeginningAndTheEnd()
    {
        var log = new ConsoleLog();
        var file = new ConsoleFile(FilePath, log);
        log.Write("first\n"u8);
        file.Write();
        log.Write(Encoding.ASCII.GetBytes(new string('x', 3 << 20)));
        log.Write("\nlast\n"u8);
        file.Write();
        string text = File.ReadAllText(FilePath);
        Assert.StartsWith("first\nxxx", text, StringComparison.Ordinal);
        Assert.EndsWith("xxx\nlast\n", text, StringComparison.Ordinal);
        Assert.Contains($"\n[{(3 << 20) + 12 - (2 << 20)} bytes are not kept]\n", text, StringComparison.Ordinal);
    }
}
