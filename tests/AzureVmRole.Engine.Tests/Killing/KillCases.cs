using System.Buffers.Binary;
using System.Globalization;
using AzureVmRole.TestKit;

namespace AzureVmRole.Engine.Tests.Killing;

/// <summary>Every operation that writes.</summary>
internal static class KillCases
{
    private const int MiB = DiskFolder.MiB;

    private static readonly ReferenceDisk Content = DiskFolder.MakeContent();

    public static IReadOnlyList<KillCase> All { get; } =
    [
        new("create-fixed", Nothing, "create", "@new.vhd", "Fixed", Size(64)),
        new("create-dynamic", Nothing, "create", "@new.vhd", "Dynamic", Size(64)),
        new("create-vhdx", Nothing, "create", "@new.vhdx", "Dynamic", Size(64)),
        new("create-difference", Fixed, "difference", "@child.vhd", "@disk.vhd"),
        new("convert-to-fixed", Dynamic, "convert", "@disk.vhd", "@new.vhd", "Fixed"),
        new("convert-to-dynamic", Fixed, "convert", "@disk.vhd", "@new.vhd", "Dynamic"),
        new("convert-to-vhdx", Dynamic, "convert", "@disk.vhd", "@new.vhdx", "Dynamic"),
        new("convert-to-fixed-vhdx", Dynamic, "convert", "@disk.vhd", "@new.vhdx", "Fixed"),
        new("convert-to-raw", Dynamic, "convert", "@disk.vhd", "@new.raw", "Fixed"),
        new("convert-overwriting", TwoDisks, "convert", "@disk.vhd", "@new.vhd", "Fixed"),
        new("grow-fixed", folder => Partitioned(folder, "disk.vhd", VhdType.Fixed), "resize", "@disk.vhd", Size(17)),
        new("shrink-fixed", folder => Partitioned(folder, "disk.vhd", VhdType.Fixed), "resize", "@disk.vhd", Size(10)),
        new("grow-dynamic", folder => Partitioned(folder, "disk.vhd", VhdType.Dynamic), "resize", "@disk.vhd", Size(40)),
        new("shrink-dynamic", folder => Partitioned(folder, "disk.vhd", VhdType.Dynamic), "resize", "@disk.vhd", Size(10)),
        new("grow-vhdx", folder => Partitioned(folder, "disk.vhdx", VhdType.Dynamic), "resize", "@disk.vhdx", Size(17)),
        new("shrink-raw", folder => Partitioned(folder, "disk.raw", VhdType.Fixed), "resize", "@disk.raw", Size(10)),
        new("optimize-dynamic", ZeroedWithChild, "optimize", "@disk.vhd"),
        new("merge-into-fixed", folder => Chain(folder, VhdType.Fixed), "merge", "@middle.vhd")
        { MergedTop = "middle.vhd", MergeTarget = "disk.vhd" },
        new("merge-into-dynamic", folder => Chain(folder, VhdType.Dynamic), "merge", "@middle.vhd")
        { MergedTop = "middle.vhd", MergeTarget = "disk.vhd" },
        new("merge-into-difference", LongChain, "merge", "@top.vhd")
        { MergedTop = "top.vhd", MergeTarget = "middle.vhd" },
        new("merge-chain-into-ancestor", LongChain, "merge", "@top.vhd", "@disk.vhd")
        { MergedTop = "top.vhd", MergeTarget = "disk.vhd" },
        new("merge-into-new", LongChain, "merge", "@top.vhd", "@new.vhd"),
        new("repair-fixed", DamagedFixed, "repair", "@disk.vhd"),
        new("repair-dynamic", DamagedDynamic, "repair", "@disk.vhd"),
        new("reparent", MovedParent, "reparent", "@middle.vhd", "@elsewhere.vhd"),
    ];

    private static string Size(long mebibytes) => (mebibytes * MiB).ToString(CultureInfo.InvariantCulture);

    private static Task Nothing(DiskFolder folder) => Task.CompletedTask;

    private static Task<string> Fixed(DiskFolder folder) => folder.MakeAsync("disk.vhd", Content);

    private static Task<string> Dynamic(DiskFolder folder) => folder.MakeAsync("disk.vhd", Content, VhdType.Dynamic);

    private static async Task TwoDisks(DiskFolder folder)
    {
        await folder.MakeAsync("disk.vhd", Content);
        await folder.MakeAsync("new.vhd", new ReferenceDisk(3 * MiB).Fill(MiB, MiB, 9));
    }

    private static async Task Partitioned(DiskFolder folder, string name, VhdType type)
    {
        Programs.Require("sgdisk");
        string source = folder.MakeRaw("source.raw", Content);
        await Programs.RunAsync("sgdisk", "-o", "-n", "1:2048:+6M", source);
        await Operations.ConvertAsync(source, folder[name], type);
        File.Delete(source);
    }

    private static async Task ZeroedWithChild(DiskFolder folder)
    {
        await Dynamic(folder);
        GuestWriter.Write(folder["disk.vhd"], 5 * MiB, new byte[2 * MiB]);
        ReferenceDisk content = Content.Copy();
        content.Content.AsSpan(5 * MiB, 2 * MiB).Clear();
        await folder.MakeDifferenceAsync("child.vhd", "disk.vhd", content, (9 * MiB, 65536, 5));
    }

    private static async Task<ReferenceDisk> Chain(DiskFolder folder, VhdType type)
    {
        await folder.MakeAsync("disk.vhd", Content, type);
        return await folder.MakeDifferenceAsync(
            "middle.vhd", "disk.vhd", Content, (1024, 2048, 5), (5 * MiB, 65536, 0), ((10 * MiB) - 1024, 2048, 6));
    }

    private static async Task LongChain(DiskFolder folder)
    {
        ReferenceDisk middle = await Chain(folder, VhdType.Dynamic);
        await folder.MakeDifferenceAsync(
            "top.vhd", "middle.vhd", middle, (1536, 512, 7), (3 * MiB, MiB, 8), ((12 * MiB) - 512, 512, 0));
    }

    private static async Task DamagedFixed(DiskFolder folder)
    {
        // Not a whole MiB, and the checksum is wrong.
        ReferenceDisk content = DiskFolder.MakeContent((9 * MiB) + 1536);
        await folder.MakeAsync("disk.vhd", content);
        using FileStream file = File.Open(folder["disk.vhd"], FileMode.Open);
        byte[] footer = new byte[512];
        file.Position = file.Length - footer.Length;
        file.ReadExactly(footer);
        long length = content.Content.Length;
        BinaryPrimitives.WriteInt64BigEndian(footer.AsSpan(48), length);
        file.SetLength(length);
        file.Position = length;
        file.Write(footer);
    }

    private static async Task DamagedDynamic(DiskFolder folder)
    {
        await Dynamic(folder);
        using FileStream file = File.Open(folder["disk.vhd"], FileMode.Open);

        // The footer at the end is cut off, and the header's checksum is wrong.
        file.SetLength(file.Length - 512);
        file.Position = 512 + 36;
        file.WriteByte(0x5A);
    }

    private static async Task MovedParent(DiskFolder folder)
    {
        await Chain(folder, VhdType.Fixed);
        File.Copy(folder["disk.vhd"], folder["elsewhere.vhd"]);
        File.SetLastWriteTimeUtc(folder["elsewhere.vhd"], File.GetLastWriteTimeUtc(folder["disk.vhd"]));
    }
}
