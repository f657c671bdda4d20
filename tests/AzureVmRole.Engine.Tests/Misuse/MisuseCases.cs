using AzureVmRole.Engine.Images.Creation;
using AzureVmRole.Engine.Images.Inspection;
using AzureVmRole.Engine.Images.Optimization;
using AzureVmRole.Engine.Images.Readiness;
using AzureVmRole.Engine.Images.Repair;
using AzureVmRole.Engine.Images.Reparenting;

namespace AzureVmRole.Engine.Tests.Misuse;

/// <summary>The table of bad uses that need nothing of the operating system. disk.vhd is sound, child.vhd a difference on it.</summary>
internal static class MisuseCases
{
    private const int MiB = DiskFolder.MiB;
    private const long TooLarge = (2040L << 30) + MiB;

    public static IReadOnlyList<MisuseCase> All { get; } =
    [
        .. Missing(),
        .. Places(),
        .. Parents(),
        .. Types(),
        .. Sizes(),
    ];

    private static IEnumerable<MisuseCase> Missing() =>
    [
        new("inspect-missing", ErrorCode.FileNotFound, "none.vhd", [], Nothing, folder => InspectAsync(folder, "none.vhd")),
        new("test-missing", ErrorCode.FileNotFound, "none.vhd", [], Nothing, folder => TestAsync(folder, "none.vhd")),
        new("repair-missing", ErrorCode.FileNotFound, "none.vhd", [], Nothing, folder => RepairAsync(folder, "none.vhd")),
        new("convert-missing", ErrorCode.FileNotFound, "none.vhd", [], Nothing, folder => Operations.ConvertAsync(folder["none.vhd"], folder["new.vhd"])),
        new("resize-missing", ErrorCode.FileNotFound, "none.vhd", [], Nothing, folder => Operations.ResizeAsync(folder["none.vhd"], MiB)),
        new("optimize-missing", ErrorCode.FileNotFound, "none.vhd", [], Nothing, folder => OptimizeAsync(folder, "none.vhd")),
        new("merge-missing", ErrorCode.FileNotFound, "none.vhd", [], Nothing, folder => Operations.MergeAsync(folder["none.vhd"])),
        new("reparent-missing", ErrorCode.FileNotFound, "none.vhd", [], Disk, folder => ReparentAsync(folder, "none.vhd", "disk.vhd")),
        new("inspect-in-missing-folder", ErrorCode.FileNotFound, "none/disk.vhd", [], Nothing, folder => InspectAsync(folder, "none/disk.vhd")),
        new("inspect-folder", ErrorCode.PathIsFolder, "folder", [], Folder, folder => InspectAsync(folder, "folder")),
        new("convert-folder", ErrorCode.PathIsFolder, "folder", [], Folder, folder => Operations.ConvertAsync(folder["folder"], folder["new.vhd"])),
        new("resize-folder", ErrorCode.PathIsFolder, "folder", [], Folder, folder => Operations.ResizeAsync(folder["folder"], MiB)),
    ];

    private static IEnumerable<MisuseCase> Places() =>
    [
        new("create-on-existing", ErrorCode.TargetExists, "disk.vhd", [], Disk, folder => CreateAsync(folder, "disk.vhd", MiB)),
        new("difference-on-existing", ErrorCode.TargetExists, "child.vhd", [], Child, folder => DifferenceAsync(folder, "child.vhd", "disk.vhd")),
        new("convert-on-existing", ErrorCode.TargetExists, "child.vhd", [], Child, folder => Operations.ConvertAsync(folder["disk.vhd"], folder["child.vhd"])),
        new("merge-on-existing", ErrorCode.TargetExists, "other.vhd", [], Strangers, folder => Operations.MergeAsync(folder["child.vhd"], folder["other.vhd"])),
        new("create-on-folder", ErrorCode.PathIsFolder, "folder", [], Folder, folder => CreateAsync(folder, "folder", MiB)),
        new("convert-on-folder", ErrorCode.PathIsFolder, "folder", [], DiskAndFolder, folder => Operations.ConvertAsync(folder["disk.vhd"], folder["folder"], overwrite: true)),
        new("create-in-missing-folder", ErrorCode.FolderNotFound, "none/new.vhd", [], Nothing, folder => CreateAsync(folder, "none/new.vhd", MiB)),
        new("convert-in-missing-folder", ErrorCode.FolderNotFound, "none/new.vhd", [], Disk, folder => Operations.ConvertAsync(folder["disk.vhd"], folder["none/new.vhd"])),
        new("difference-in-missing-folder", ErrorCode.FolderNotFound, "none/new.vhd", [], Disk, folder => DifferenceAsync(folder, "none/new.vhd", "disk.vhd")),
        new("merge-in-missing-folder", ErrorCode.FolderNotFound, "none/new.vhd", [], Child, folder => Operations.MergeAsync(folder["child.vhd"], folder["none/new.vhd"])),
        new("convert-on-itself", ErrorCode.InvalidArgument, "disk.vhd", [], Disk, folder => Operations.ConvertAsync(folder["disk.vhd"], folder["disk.vhd"], overwrite: true)),
        new("create-under-file", ErrorCode.FolderNotFound, "disk.vhd/new.vhd", [], Disk, folder => CreateAsync(folder, "disk.vhd/new.vhd", MiB)),
    ];

    private static IEnumerable<MisuseCase> Parents() =>
    [
        new("difference-on-missing", ErrorCode.ParentNotFound, "none.vhd", [], Nothing, folder => DifferenceAsync(folder, "new.vhd", "none.vhd")),
        new("parent-moved", ErrorCode.ParentNotFound, "child.vhd", ["disk.vhd"], Moved, folder => InspectAsync(folder, "child.vhd")),
        new("merge-parent-moved", ErrorCode.ParentNotFound, "child.vhd", ["disk.vhd"], Moved, folder => Operations.MergeAsync(folder["child.vhd"])),
        new("parent-changed", ErrorCode.ParentModified, "child.vhd", ["2024-02-03 04:05:06", "expected"], Changed, folder => InspectAsync(folder, "child.vhd")),
        new("convert-parent-changed", ErrorCode.ParentModified, "child.vhd", ["2024-02-03 04:05:06", "expected"], Changed, folder => Operations.ConvertAsync(folder["child.vhd"], folder["new.vhd"])),
        new("merge-parent-changed", ErrorCode.ParentModified, "child.vhd", ["2024-02-03 04:05:06", "expected"], Changed, folder => Operations.MergeAsync(folder["child.vhd"])),
        new("parent-is-another-disk", ErrorCode.ParentIdentityMismatch, "child.vhd", ["disk.vhd", "id "], Replaced, folder => InspectAsync(folder, "child.vhd")),
        new("reparent-to-another-disk", ErrorCode.ParentIdentityMismatch, "child.vhd", ["other.vhd", "id "], Strangers, folder => ReparentAsync(folder, "child.vhd", "other.vhd")),
        new("reparent-to-itself", ErrorCode.ParentCycle, "child.vhd", [], Child, folder => ReparentAsync(folder, "child.vhd", "child.vhd")),
        new("reparent-to-other-size", ErrorCode.ParentSizeMismatch, "child.vhd", ["12582912", "3145728"], Strangers, folder => ReparentAsync(folder, "child.vhd", "small.vhd")),
        new("reparent-to-raw", ErrorCode.DiskFormatUnsupported, "disk.raw", ["Raw"], Strangers, folder => ReparentAsync(folder, "child.vhd", "disk.raw")),
    ];

    private static IEnumerable<MisuseCase> Types() =>
    [
        new("resize-difference", ErrorCode.DiskTypeUnsuitable, "child.vhd", ["disk.vhd"], Child, folder => Operations.ResizeAsync(folder["child.vhd"], 20 * MiB)),
        new("optimize-difference", ErrorCode.DiskTypeUnsuitable, "child.vhd", [], Child, folder => OptimizeAsync(folder, "child.vhd")),
        new("merge-fixed", ErrorCode.DiskTypeUnsuitable, "disk.vhd", ["Fixed"], Disk, folder => Operations.MergeAsync(folder["disk.vhd"])),
        new("reparent-fixed", ErrorCode.DiskTypeUnsuitable, "disk.vhd", ["Fixed"], Strangers, folder => ReparentAsync(folder, "disk.vhd", "other.vhd")),
        new("difference-on-raw", ErrorCode.DiskFormatUnsupported, "disk.raw", ["Raw"], Strangers, folder => DifferenceAsync(folder, "new.vhd", "disk.raw")),
        new("difference-as-vhdx", ErrorCode.DiskFormatUnsupported, "new.vhdx", [], Disk, folder => DifferenceAsync(folder, "new.vhdx", "disk.vhd")),
        new("create-qcow2", ErrorCode.DiskFormatUnsupported, "new.qcow2", ["Qcow2"], Nothing, folder => CreateAsync(folder, "new.qcow2", MiB)),
        new("convert-to-qcow2", ErrorCode.DiskFormatUnsupported, "new.qcow2", ["Qcow2"], Disk, folder => Operations.ConvertAsync(folder["disk.vhd"], folder["new.qcow2"])),
        new("create-dynamic-raw", ErrorCode.DiskTypeUnsuitable, "new.raw", ["Dynamic"], Nothing, folder => CreateAsync(folder, "new.raw", MiB, VhdType.Dynamic)),
        new("create-differencing", ErrorCode.DiskTypeUnsuitable, "new.vhd", ["Differencing"], Nothing, folder => CreateAsync(folder, "new.vhd", MiB, VhdType.Differencing)),
        new("text-as-vhd", ErrorCode.VhdFooterMissing, "text.vhd", ["conectix"], Text, folder => Operations.ConvertAsync(folder["text.vhd"], folder["new.vhd"])),
        new("text-as-vhdx", ErrorCode.DiskFormatUnknown, "text.vhdx", [], Text, folder => InspectAsync(folder, "text.vhdx")),
        new("empty-file", ErrorCode.DiskFormatUnknown, "empty.raw", ["0 bytes"], Text, folder => InspectAsync(folder, "empty.raw")),
        new("cut-dynamic", ErrorCode.VhdBatInvalid, "cut.vhd", [], Cut, folder => Operations.ConvertAsync(folder["cut.vhd"], folder["new.vhd"])),
        new("resize-cut-dynamic", ErrorCode.VhdBatInvalid, "cut.vhd", [], Cut, folder => Operations.ResizeAsync(folder["cut.vhd"], 20 * MiB)),
    ];

    private static IEnumerable<MisuseCase> Sizes() =>
    [
        new("create-unaligned", ErrorCode.DiskSizeUnaligned, "new.vhd", ["1048577", "MiB"], Nothing, folder => CreateAsync(folder, "new.vhd", MiB + 1)),
        new("create-vhdx-unaligned", ErrorCode.DiskSizeUnaligned, "new.vhdx", ["1048577", "512"], Nothing, folder => CreateAsync(folder, "new.vhdx", MiB + 1)),
        new("create-zero", ErrorCode.DiskSizeOutOfRange, "new.vhd", ["0 bytes", "1048576"], Nothing, folder => CreateAsync(folder, "new.vhd", 0)),
        new("create-negative", ErrorCode.DiskSizeOutOfRange, "new.vhd", ["-1048576 bytes"], Nothing, folder => CreateAsync(folder, "new.vhd", -MiB)),
        new("create-too-large", ErrorCode.DiskSizeOutOfRange, "new.vhd", [$"{TooLarge}", $"{2040L << 30}"], Nothing, folder => CreateAsync(folder, "new.vhd", TooLarge)),
        new("create-odd-blocks", ErrorCode.InvalidArgument, "new.vhd", ["3000000"], Nothing, folder => CreateAsync(folder, "new.vhd", MiB, VhdType.Dynamic, 3_000_000)),
        new("create-fixed-with-blocks", ErrorCode.InvalidArgument, "new.vhd", ["Fixed"], Nothing, folder => CreateAsync(folder, "new.vhd", MiB, VhdType.Fixed, 2 * MiB)),
        new("convert-unaligned", ErrorCode.DiskSizeUnaligned, "new.vhd", ["12582913"], Disk, folder => Operations.ConvertAsync(folder["disk.vhd"], folder["new.vhd"], sizeInBytes: (12 * MiB) + 1)),
        new("resize-unaligned", ErrorCode.DiskSizeUnaligned, "disk.vhd", ["12582913"], Disk, folder => Operations.ResizeAsync(folder["disk.vhd"], (12 * MiB) + 1)),
        new("resize-too-large", ErrorCode.DiskSizeOutOfRange, "disk.vhd", [$"{TooLarge}"], Disk, folder => Operations.ResizeAsync(folder["disk.vhd"], TooLarge)),
        new("resize-cuts-data", ErrorCode.ShrinkCutsPartition, "disk.vhd", ["11534336"], Disk, folder => Operations.ResizeAsync(folder["disk.vhd"], 11 * MiB)),
        new("resize-to-unknown-minimum", ErrorCode.PartitionTableInvalid, "disk.vhd", [], Disk, folder => Operations.ResizeAsync(folder["disk.vhd"], null)),
    ];

    private static Task Nothing(DiskFolder folder) => Task.CompletedTask;

    private static Task Folder(DiskFolder folder)
    {
        Directory.CreateDirectory(folder["folder"]);
        return Task.CompletedTask;
    }

    private static async Task Disk(DiskFolder folder) => await folder.MakeAsync("disk.vhd", DiskFolder.MakeContent());

    private static async Task DiskAndFolder(DiskFolder folder)
    {
        await Disk(folder);
        await Folder(folder);
    }

    private static async Task Child(DiskFolder folder)
    {
        await Disk(folder);
        await folder.MakeDifferenceAsync("child.vhd", "disk.vhd", DiskFolder.MakeContent(), (1024, 4096, 5));
    }

    private static async Task Moved(DiskFolder folder)
    {
        await Child(folder);
        File.Move(folder["disk.vhd"], folder["moved.vhd"]);
    }

    private static async Task Changed(DiskFolder folder)
    {
        await Child(folder);
        File.SetLastWriteTimeUtc(folder["disk.vhd"], new DateTime(2024, 2, 3, 4, 5, 6, DateTimeKind.Utc));
    }

    private static async Task Replaced(DiskFolder folder)
    {
        await Child(folder);
        File.Delete(folder["disk.vhd"]);
        await Disk(folder);
    }

    private static async Task Strangers(DiskFolder folder)
    {
        await Child(folder);
        await folder.MakeAsync("other.vhd", DiskFolder.MakeContent());
        await folder.MakeAsync("small.vhd", new TestKit.ReferenceDisk(3 * MiB));
        folder.MakeRaw("disk.raw", DiskFolder.MakeContent());
    }

    private static async Task Text(DiskFolder folder)
    {
        await File.WriteAllTextAsync(folder["text.vhd"], new string('x', 4000));
        await File.WriteAllTextAsync(folder["text.vhdx"], new string('x', 4000));
        await File.WriteAllTextAsync(folder["empty.raw"], "");
    }

    private static async Task Cut(DiskFolder folder)
    {
        await folder.MakeAsync("cut.vhd", DiskFolder.MakeContent(), VhdType.Dynamic);
        using FileStream file = File.Open(folder["cut.vhd"], FileMode.Open);
        file.SetLength(file.Length / 2);
    }

    private static Task<BaseVhd> InspectAsync(DiskFolder folder, string name) => DiskInspection.InspectAsync(folder[name], CancellationToken.None);

    private static Task<ReadinessReport> TestAsync(DiskFolder folder, string name) =>
        ReadinessTest.TestAsync(new ReadinessTestOptions { Path = folder[name] }, CancellationToken.None);

    private static Task<RepairReport> RepairAsync(DiskFolder folder, string name) => DiskRepair.RepairAsync(folder[name], CancellationToken.None);

    private static Task<BaseVhd> OptimizeAsync(DiskFolder folder, string name) =>
        DiskOptimization.OptimizeAsync(folder[name], null, CancellationToken.None);

    private static Task<BaseVhd> CreateAsync(
        DiskFolder folder, string name, long size, VhdType type = VhdType.Fixed, long? blockSize = null) => DiskCreation.CreateAsync(
        new DiskCreationOptions { Path = folder[name], SizeInBytes = size, Type = type, BlockSizeInBytes = blockSize },
        CancellationToken.None);

    private static Task<BaseVhd> DifferenceAsync(DiskFolder folder, string name, string parentName) => DifferenceCreation.CreateAsync(
        new DifferenceCreationOptions { Path = folder[name], ParentPath = folder[parentName] }, CancellationToken.None);

    private static Task<BaseVhd> ReparentAsync(DiskFolder folder, string name, string parentName) => DiskReparent.ReparentAsync(
        new ReparentOptions { Path = folder[name], ParentPath = folder[parentName] }, CancellationToken.None);
}
