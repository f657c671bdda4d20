using System.Text.Json;
using AzureVmRole.TestKit;
using Xunit;

namespace AzureVmRole.Engine.Tests;

/// <summary>qemu-img, which reads and writes disk images by code that nobody here wrote.</summary>
internal static class Qemu
{
    /// <summary>Skips the test where qemu-img is missing.</summary>
    public static void Require() =>
        Assert.SkipUnless(ExternalProgram.IsInstalled("qemu-img"), "qemu-img (package qemu-utils) is not installed.");

    /// <summary>The name of a format in QEMU.</summary>
    public static string NameOf(VhdFormat format) => format switch
    {
        VhdFormat.Vhd => "vpc",
        VhdFormat.Vhdx => "vhdx",
        VhdFormat.Qcow2 => "qcow2",
        _ => "raw",
    };

    /// <summary>Runs qemu-img; it must succeed.</summary>
    public static Task<string> RunAsync(params string[] arguments) => Programs.RunAsync("qemu-img", arguments);

    /// <summary>Asserts that two images show the same; a longer one shows zeros behind the other's end.</summary>
    public static Task AssertSameAsync(string path, VhdFormat format, string otherPath, VhdFormat otherFormat) =>
        RunAsync("compare", "-f", NameOf(format), "-F", NameOf(otherFormat), path, otherPath);

    /// <summary>Asserts that QEMU sees the image as the module describes it, and finds nothing wrong in it.</summary>
    public static async Task AssertAgreesAsync(BaseVhd disk)
    {
        string format = NameOf(disk.VhdFormat);
        using var description = JsonDocument.Parse(await RunAsync("info", "--output=json", "-f", format, disk.Path));
        Assert.Equal(disk.Size, description.RootElement.GetProperty("virtual-size").GetInt64());
        using var map = JsonDocument.Parse(await RunAsync("map", "--output=json", "-f", format, disk.Path));
        Assert.Equal(disk.Size, map.RootElement.EnumerateArray().Sum(run => run.GetProperty("length").GetInt64()));
        if (disk.VhdFormat == VhdFormat.Vhdx)
        {
            await RunAsync("check", "-f", format, disk.Path);
        }
    }
}
