using System.Globalization;
using AzureVmRole.Engine.Images.Creation;
using AzureVmRole.Engine.Tests.Killing;
using AzureVmRole.TestKit;
using Xunit;

namespace AzureVmRole.Engine.Tests.Memory;

/// <summary>
/// Memory does not grow with the disk. Peaks are those of a whole process, runtime included; with AZVMROLE_KILL_POINTS (the
/// slow tier) the disk holds more data.
/// </summary>
public sealed class PeakMemoryTests
{
    private const long MiB = DiskFolder.MiB;
    private const long GiB = 1024 * MiB;
    private const long LargestPeak = 128 * MiB;
    private const int ExtentLength = 4 * DiskFolder.MiB;

    private static readonly int ExtentCount = Environment.GetEnvironmentVariable("AZVMROLE_KILL_POINTS") is null ? 16 : 256;

    [Theory(Timeout = 900_000)]
    [InlineData("convert", "new.vhd", "Fixed")]
    [InlineData("convert", "new.vhd", "Dynamic")]
    [InlineData("convert", "new.vhdx", "Dynamic")]
    [InlineData("merge", "new.vhd", "")]
    public async Task Peak_DiskOfTwoTebibytes_StaysSmall(string operation, string name, string type)
    {
        using var folder = new DiskFolder();
        await MakeSourceAsync(folder);
        string[] words = operation == "convert"
            ? ["convert", folder["source.raw"], folder[name], type]
            : ["merge", await MakeChildAsync(folder), folder[name]];
        using var process = new TargetProcess(words);

        await process.RunAsync();

        Assert.StartsWith("done ", process.Report, StringComparison.Ordinal);
        long peak = long.Parse(process.Report.AsSpan(5), CultureInfo.InvariantCulture);
        TestContext.Current.TestOutputHelper?.WriteLine(
            $"{operation} {type} {name}: peak {peak / MiB} MiB for {ExtentCount * (long)ExtentLength / MiB} MiB of data in 2000 GiB");
        Assert.InRange(peak, 1, LargestPeak);
    }

    /// <summary>Data scattered over 2,000 GiB.</summary>
    private static async Task MakeSourceAsync(DiskFolder folder)
    {
        byte[] extent = new ReferenceDisk(ExtentLength).Fill(0, ExtentLength, 3).Content;
        await using FileStream file = File.Create(folder["source.raw"]);
        file.SetLength(2000 * GiB);
        for (int index = 0; index < ExtentCount; index++)
        {
            file.Position = (2000 * GiB / ExtentCount * index) + 65_536;
            await file.WriteAsync(extent, TestContext.Current.CancellationToken);
        }
    }

    private static async Task<string> MakeChildAsync(DiskFolder folder)
    {
        await Operations.ConvertAsync(folder["source.raw"], folder["base.vhd"], VhdType.Dynamic);
        await DifferenceCreation.CreateAsync(
            new DifferenceCreationOptions { Path = folder["child.vhd"], ParentPath = folder["base.vhd"] },
            TestContext.Current.CancellationToken);
        return folder["child.vhd"];
    }
}
