using AzureVmRole.Engine.Images.Conversion;
using AzureVmRole.Engine.Images.Merging;
using AzureVmRole.Engine.Images.Resizing;
using Xunit;

namespace AzureVmRole.Engine.Tests;

/// <summary>Operations of the engine with the options that most tests leave alone.</summary>
internal static class Operations
{
    public static Task<BaseVhd> ConvertAsync(
        string source, string target, VhdType type = VhdType.Fixed, long? sizeInBytes = null, bool overwrite = false) =>
        DiskConversion.ConvertAsync(
            new DiskConversionOptions
            {
                SourcePath = source,
                DestinationPath = target,
                Type = type,
                SizeInBytes = sizeInBytes,
                Overwrite = overwrite,
            },
            null, TestContext.Current.CancellationToken);

    public static Task<BaseVhd> ResizeAsync(string path, long? sizeInBytes) => DiskResize.ResizeAsync(
        new DiskResizeOptions { Path = path, SizeInBytes = sizeInBytes }, null, TestContext.Current.CancellationToken);

    public static Task<BaseVhd> MergeAsync(
        string path, string? target = null, VhdType type = VhdType.Fixed, bool overwrite = false) => DiskMerge.MergeAsync(
        new DiskMergeOptions { Path = path, DestinationPath = target, Type = type, Overwrite = overwrite },
        null, TestContext.Current.CancellationToken);
}
