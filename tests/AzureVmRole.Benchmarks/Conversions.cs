using AzureVmRole.Engine.Images.Conversion;

namespace AzureVmRole.Benchmarks;

/// <summary>The conversions that are measured.</summary>
internal static class Conversions
{
    private static readonly string[] Fixed = ["-O", "vpc", "-o", "subformat=fixed,force_size"];
    private static readonly string[] Dynamic = ["-O", "vpc", "-o", "subformat=dynamic,force_size"];

    public static IEnumerable<ConversionCase> Of(BenchmarkDisks disks, string name)
    {
        if (name == "quick")
        {
            yield break;
        }

        string plain = disks.Path(name, "fixed.vhd");
        yield return new ConversionCase(
            $"{name}: dynamic -> fixed", disks.Path(name, "dynamic.vhd"), VhdType.Fixed, Best("vpc", Fixed), plain);
        yield return new ConversionCase($"{name}: fixed -> dynamic", plain, VhdType.Dynamic, Best("vpc", Dynamic), plain);
        yield return new ConversionCase(
            $"{name}: raw -> fixed", disks.Path(name, "raw"), VhdType.Fixed, [.. Best("raw", Fixed), ["-C", "-f", "raw", .. Fixed]], plain);
        yield return new ConversionCase(
            $"{name}: vhdx -> fixed", disks.Path(name, "vhdx"), VhdType.Fixed, Best("vhdx", Fixed), plain);
        yield return new ConversionCase(
            $"{name}: qcow2 -> fixed", disks.Path(name, "qcow2"), VhdType.Fixed, Best("qcow2", Fixed), plain);
    }

    public static async Task RunOnceAsync(string source, string target, VhdType type) =>
        await DiskConversion.ConvertAsync(
            new DiskConversionOptions { SourcePath = source, DestinationPath = target, Type = type, Overwrite = true },
            progress: null, CancellationToken.None);

    private static IReadOnlyList<string[]> Best(string format, string[] target) => [["-W", "-m", "16", "-f", format, .. target]];
}
