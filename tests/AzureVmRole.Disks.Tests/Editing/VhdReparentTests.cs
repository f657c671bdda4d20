using AzureVmRole.Disks.Editing;
using AzureVmRole.Disks.Vhd;
using AzureVmRole.TestKit;
using Xunit;

namespace AzureVmRole.Disks.Tests.Editing;

/// <summary>Pointing a difference to a parent, killed at every point.</summary>
public sealed class VhdReparentTests : IDisposable
{
    private const int MiB = 1 << 20;

    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public void SetParent_MovedAndTouchedParent_OpensAgain()
    {
        var chain = new VhdChainBuilder(_folder, 5, 2, MiB, VhdImageBuilder.Dynamic);
        string moved = Move(chain.Paths[0]);

        Reparent(chain.Paths[1], moved);

        using VirtualDisk disk = VirtualDiskFile.Open(chain.Paths[1]);
        Assert.Equal(moved, disk.Parent?.Path);
        DiskContent.Equal(chain.Models[1], disk);
    }

    [Fact]
    public void SetParent_DiskBetween_ItsOwnChildrenStayValid()
    {
        var chain = new VhdChainBuilder(_folder, 6, 3, MiB, VhdImageBuilder.Fixed);

        Reparent(chain.Paths[1], Move(chain.Paths[0]));

        DiskContent.Equal(chain.Models[2], chain.Top);
    }

    [Fact]
    public void SetParent_Again_LastOneCounts()
    {
        var chain = new VhdChainBuilder(_folder, 7, 2, MiB, VhdImageBuilder.Fixed);
        string first = Move(chain.Paths[0]);
        Reparent(chain.Paths[1], first);
        string second = Move(first);

        Reparent(chain.Paths[1], second);

        DiskContent.Equal(chain.Models[1], chain.Paths[1]);
    }

    [Fact(Timeout = 60_000)]
    public async Task SetParent_KilledAnywhere_NewThroughTheJournalAndOldOrNewWithout()
    {
        var chain = new VhdChainBuilder(_folder, 8, 2, MiB, VhdImageBuilder.Dynamic);
        byte[] image = await File.ReadAllBytesAsync(chain.Top, TestContext.Current.CancellationToken);
        string moved = Move(chain.Paths[0]);
        using EditCase disk = new(image);
        DiskEdit edit = disk.Plan(editor =>
        {
            using VirtualDisk parent = VirtualDiskFile.Open(moved);
            return editor.PlanParent(parent);
        });

        disk.AssertEveryPrefix(
            edit,
            path => Assert.Equal(ErrorCode.ParentNotFound, Assert.Throws<DiskOperationException>(() => DiskContent.Read(path)).Code),
            path => DiskContent.Equal(chain.Models[1], path));
        Assert.Empty(await disk.NeitherAsync(edit, path => Task.FromResult(IsOldOrNew(path, chain.Models[1]))));
    }

    private static bool IsOldOrNew(string path, byte[] content)
    {
        try
        {
            return DiskContent.Read(path).AsSpan().SequenceEqual(content);
        }
        catch (DiskOperationException exception)
        {
            return exception.Code == ErrorCode.ParentNotFound;
        }
    }

    private static void Reparent(string child, string parent)
    {
        using VirtualDisk opened = VirtualDiskFile.Open(parent);
        using var editor = VhdEditor.Open(child);
        editor.SetParent(opened);
    }

    /// <summary>Another folder, another name, another time stamp: nothing of what the child knows holds.</summary>
    private string Move(string path)
    {
        string folder = _folder.File(Guid.NewGuid().ToString("N"));
        Directory.CreateDirectory(folder);
        string moved = Path.Combine(folder, "renamed.vhd");
        File.Move(path, moved);
        File.SetLastWriteTimeUtc(moved, new DateTime(2025, 6, 7, 8, 9, 10, DateTimeKind.Utc).AddSeconds(folder.Length));
        return moved;
    }
}
