using System.Security.Cryptography;
using System.Text;
using AzureVmRole.Fabric.Guests.Media;
using AzureVmRole.TestKit;
using Xunit;

namespace AzureVmRole.Fabric.Tests.Guests.Media;

/// <summary>The image as other programs read it: each of them knows one or more of its three directories.</summary>
public sealed class IsoImageTests : IDisposable
{
    private static readonly DateTimeOffset Time = new(2030, 2, 3, 4, 5, 6, TimeSpan.Zero);

    private static readonly IsoFile[] Files =
    [
        new("ovf-env.xml", Encoding.UTF8.GetBytes("<a/>")),
        new("CustomData.bin", Bytes(70_001)),
        new(ProvisioningMedia.TagFile, ReadOnlyMemory<byte>.Empty),
        new("Grüße.txt", Bytes(2048)),
        new("Ωmega.long.name.that.has.very.many.characters.in.it.indeed.txt", Bytes(1)),
    ];

    private readonly TemporaryFolder _folder = new();

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    private string Path => System.IO.Path.Combine(_folder.Path, "a.iso");

    public void Dispose() => _folder.Dispose();

    [Theory(Timeout = 60_000)]
    [InlineData("Udf")]
    [InlineData("Iso")]
    public async Task WriteTo_SevenZip_ReadsEveryFile(string kind)
    {
        Need("7z");
        Write(Files);
        string target = System.IO.Path.Combine(_folder.Path, "out");

        await Run("7z", "x", $"-t{kind}", $"-o{target}", Path);

        Assert.All(Files, file => Assert.Equal(file.Content.ToArray(), File.ReadAllBytes(System.IO.Path.Combine(target, file.Name))));
    }

    [Fact(Timeout = 60_000)]
    public async Task WriteTo_Isoinfo_ReadsPlainAndJolietNames()
    {
        Need("isoinfo");
        Write(Files);

        string plain = await Run("isoinfo", "-i", Path, "-f");
        string joliet = await Run("isoinfo", "-i", Path, "-J", "-f");
        string description = await Run("isoinfo", "-i", Path, "-d");

        Assert.Contains("/OVF-ENV.XML;1\n", plain, StringComparison.Ordinal);
        Assert.Contains("/CUSTOMDATA.BIN;1\n", plain, StringComparison.Ordinal);
        Assert.Contains("/ovf-env.xml;1\n", joliet, StringComparison.Ordinal);
        Assert.Contains($"/{ProvisioningMedia.TagFile};1\n", joliet, StringComparison.Ordinal);
        Assert.Contains("Volume id: rd_rdfe_fabric\n", description, StringComparison.Ordinal);
        Assert.Contains($"Volume size is: {new FileInfo(Path).Length / 2048}\n", description, StringComparison.Ordinal);
        Assert.Equal("<a/>", await Run("isoinfo", "-i", Path, "-J", "-x", "/ovf-env.xml;1"));
    }

    [Fact(Timeout = 60_000)]
    public async Task WriteTo_Xorriso_FindsNothingToComplainOf()
    {
        Need("xorriso");

        // Of names beyond ASCII it complains where the locale cannot show them.
        Write(Files[..3]);

        ProgramResult result = await ExternalProgram.RunAsync(Token, "xorriso", "-indev", Path, "-find", "/", "-exec", "report_lba");

        Assert.True(result.ExitCode == 0, result.Everything);
        Assert.Contains("ovf-env.xml", result.Output, StringComparison.OrdinalIgnoreCase);
        Assert.DoesNotContain("FAILURE", result.Error, StringComparison.Ordinal);
        Assert.DoesNotContain("WARNING", result.Error, StringComparison.Ordinal);
    }

    [Fact(Timeout = 60_000)]
    public async Task WriteTo_Udfinfo_FindsNothingToComplainOf()
    {
        Need("udfinfo");
        Write(Files);

        ProgramResult result = await ExternalProgram.RunAsync(Token, "udfinfo", Path);

        Assert.True(result.ExitCode == 0, result.Everything);
        Assert.DoesNotContain("arning", result.Error, StringComparison.Ordinal);
        string[] lines = result.Output.Split('\n');
        Assert.Contains("label=rd_rdfe_fabric", lines, StringComparer.Ordinal);
        Assert.Contains("udfrev=1.02", lines, StringComparer.Ordinal);
        Assert.Contains("blocksize=2048", lines, StringComparer.Ordinal);
        Assert.Contains("integrity=closed", lines, StringComparer.Ordinal);
        Assert.Contains($"numfiles={Files.Length}", lines, StringComparer.Ordinal);
    }

    [Fact(Timeout = 60_000)]
    public async Task WriteTo_Blkid_SeesTheLabelAgentsLookFor()
    {
        Need("blkid");
        Write(Files);

        string properties = await Run("blkid", "-p", "-o", "export", Path);

        Assert.Contains("LABEL=rd_rdfe_fabric\n", properties, StringComparison.Ordinal);
        Assert.Contains("TYPE=udf\n", properties, StringComparison.Ordinal);
    }

    [Theory(Timeout = 60_000)]
    [InlineData("udf")]
    [InlineData("iso9660")]
    public async Task WriteTo_Linux_MountsIt(string system)
    {
        string systems = OperatingSystem.IsLinux() ? await File.ReadAllTextAsync("/proc/filesystems", Token) : "";
        Assert.SkipUnless(systems.Contains($"\t{system}\n", StringComparison.Ordinal), $"This kernel has no {system}.");
        Assert.SkipUnless(Environment.UserName == "root", "Only root mounts.");
        Write(Files);
        string point = Directory.CreateDirectory(System.IO.Path.Combine(_folder.Path, "point")).FullName;
        await Run("mount", "-o", "ro,loop", "-t", system, Path, point);
        try
        {
            Assert.All(Files, file => Assert.Equal(file.Content.ToArray(), File.ReadAllBytes(System.IO.Path.Combine(point, file.Name))));
        }
        finally
        {
            await Run("umount", point);
        }
    }

    [Fact]
    public void WriteTo_Twice_IsTheSame()
    {
        using var first = new MemoryStream();
        using var second = new MemoryStream();
        var image = new IsoImage("a", Files, Time);
        image.WriteTo(first);
        new IsoImage("a", Files, Time.ToOffset(TimeSpan.FromHours(2))).WriteTo(second);

        Assert.Equal(SHA256.HashData(first.ToArray()), SHA256.HashData(second.ToArray()));
        Assert.Equal(image.Length, first.Length);
    }

    [Theory(Timeout = 60_000)]
    [InlineData(0)]
    [InlineData(IsoImage.MostFiles)]
    public async Task WriteTo_NoFilesOrTheMost_AreRead(int count)
    {
        Need("7z");
        IsoFile[] files = [.. Enumerable.Range(0, count).Select(index => new IsoFile($"a name that fills most of what there is room for, number {index:D3}.bin", Bytes(index * 100)))];
        Write(files);
        string target = System.IO.Path.Combine(_folder.Path, "out");

        await Run("7z", "x", "-tUdf", $"-o{target}", Path);
        await Run("7z", "x", "-tIso", "-y", $"-o{target}-iso", Path);

        Assert.All(files, file => Assert.Equal(file.Content.ToArray(), File.ReadAllBytes(System.IO.Path.Combine(target, file.Name))));
        Assert.All(files, file => Assert.Equal(file.Content.ToArray(), File.ReadAllBytes(System.IO.Path.Combine(target + "-iso", file.Name))));
    }

    [Theory]
    [InlineData("a/b")]
    [InlineData("")]
    [InlineData("a\n")]
    [InlineData("\U0001F600")]
    public void Constructor_NameThatCannotBe_IsRefused(string name) =>
        Assert.Throws<ArgumentException>(() => new IsoImage("a", [new IsoFile(name, ReadOnlyMemory<byte>.Empty)], Time));

    [Fact]
    public void Constructor_NameTwiceOrLabelTooLong_IsRefused()
    {
        Assert.Throws<ArgumentException>(() => new IsoImage("a", [new IsoFile("a", default), new IsoFile("A", default)], Time));
        Assert.Throws<ArgumentException>(() => new IsoImage("a label too long", [], Time));
        Assert.Throws<ArgumentException>(() => new IsoImage("a", [.. Enumerable.Range(0, 65).Select(index => new IsoFile($"{index}", default))], Time));
    }

    private static byte[] Bytes(int count)
    {
        byte[] bytes = new byte[count];
        new Random(count).NextBytes(bytes);
        return bytes;
    }

    private static void Need(string program) => Assert.SkipUnless(ExternalProgram.IsInstalled(program), $"Not installed: {program}.");

    private static async Task<string> Run(string program, params string[] arguments)
    {
        ProgramResult result = await ExternalProgram.RunAsync(Token, program, arguments);
        Assert.True(result.ExitCode == 0, result.Everything);
        return result.Output;
    }

    private void Write(IReadOnlyList<IsoFile> files)
    {
        using FileStream stream = File.Create(Path);
        new IsoImage(ProvisioningMedia.Label, files, Time).WriteTo(stream);
    }
}
