using System.Text;
using AzureVmRole.Disks.Files;
using AzureVmRole.Disks.Vhd;
using AzureVmRole.TestKit;
using Xunit;

namespace AzureVmRole.Disks.Tests.Vhd;

/// <summary>How a differencing VHD finds its parent, and what it does not take for its parent.</summary>
public sealed class VhdParentLinkTests : IDisposable
{
    private const int Length = 65_536;

    private static readonly Guid ParentId = new("10203040-5060-7080-90A0-B0C0D0E0F000");

    private readonly TemporaryFolder _folder = new();

    private string Child => _folder.File("vm/child.vhd");

    public VhdParentLinkTests()
    {
        Directory.CreateDirectory(_folder.File("vm/sub"));
        Directory.CreateDirectory(_folder.File("other dir"));
    }

    public void Dispose() => _folder.Dispose();

    [Theory]
    [InlineData("W2ru", @".\base.vhd", "vm/base.vhd")]
    [InlineData("W2ru", "base.vhd", "vm/base.vhd")]
    [InlineData("W2ru", @".\sub\base.vhd", "vm/sub/base.vhd")]
    [InlineData("W2ru", @"..\other dir\bäse.vhd", "other dir/bäse.vhd")]
    [InlineData("W2ku", "{FOLDER}/other dir/base.vhd", "other dir/base.vhd")]
    [InlineData("W2ku", @"C:\VMs\base.vhd", "vm/base.vhd")]
    [InlineData("MacX", "file://localhost{FOLDER}/other%20dir/base.vhd", "other dir/base.vhd")]
    [InlineData("MacX", "file://{FOLDER}/other%20dir/b%C3%A4se.vhd", "other dir/bäse.vhd")]
    public void Open_OneLocator_FollowsIt(string code, string path, string place)
    {
        Assert.SkipWhen(OperatingSystem.IsWindows(), "The paths are those of Unix.");
        string parent = SaveParent(place);
        string text = path.Replace("{FOLDER}", _folder.Path, StringComparison.Ordinal);
        byte[] data = code is "MacX" ? Encoding.UTF8.GetBytes(text) : Encoding.Unicode.GetBytes(text);
        SaveChild(parent, image => image.AddLocator(code, data), name: "elsewhere.vhd");

        using VirtualDisk disk = VirtualDiskFile.Open(Child);

        Assert.Equal(parent, disk.Parent?.Path);
    }

    [Fact]
    public void Open_LocatorsStale_ParentByItsNameBesideTheChild()
    {
        string parent = SaveParent("vm/base.vhd");
        SaveChild(parent, image => image
            .AddRelativeLocator(@"..\gone\base.vhd")
            .AddLocator("W2ku", Encoding.Unicode.GetBytes("/gone/base.vhd")));

        using VirtualDisk disk = VirtualDiskFile.Open(Child);

        Assert.Equal(parent, disk.Parent?.Path);
    }

    [Fact]
    public void Open_FirstPlaceHoldsAnotherDisk_NextPlaceIsTried()
    {
        new VhdImageBuilder(Length, VhdImageBuilder.Fixed) { Identifier = Guid.NewGuid() }.Save(_folder.File("vm/base.vhd"));
        string parent = SaveParent("other dir/base.vhd");
        SaveChild(parent, image => image
            .AddRelativeLocator(@".\base.vhd")
            .AddLocator("W2ku", Encoding.Unicode.GetBytes(parent)));

        using VirtualDisk disk = VirtualDiskFile.Open(Child);

        Assert.Equal(parent, disk.Parent?.Path);
    }

    [Fact]
    public void Open_ParentIsAnotherDisk_IdentityMismatchNamesBothIds()
    {
        string parent = SaveParent("vm/base.vhd");
        var other = Guid.NewGuid();
        SaveChild(parent, image => image.AddRelativeLocator(@".\base.vhd"), parentId: other);

        DiskOperationException exception = Fails(ErrorCode.ParentIdentityMismatch);

        Assert.Contains(other.ToString(), exception.Message, StringComparison.Ordinal);
        Assert.Contains(ParentId.ToString(), exception.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Open_ParentIsNoVhd_RefusedThoughBothIdsAreEmpty()
    {
        string parent = _folder.File("vm/base.raw");
        File.WriteAllBytes(parent, new byte[Length]);
        SaveChild(parent, image => image.AddRelativeLocator(@".\base.raw"), parentId: Guid.Empty);

        Fails(ErrorCode.ParentIdentityMismatch);
    }

    [Theory]
    [InlineData(-1)]
    [InlineData(1)]
    [InlineData(86_400)]
    public void Open_ParentChangedLater_ParentModifiedTellsBothTimes(int seconds)
    {
        string parent = SaveParent("vm/base.vhd");
        SaveChild(parent, image => image.AddRelativeLocator(@".\base.vhd"));
        File.SetLastWriteTimeUtc(parent, new DateTime(2024, 2, 3, 4, 5, 6, DateTimeKind.Utc).AddSeconds(seconds));

        DiskOperationException exception = Fails(ErrorCode.ParentModified);

        Assert.Contains("2024-02-03 04:05:06", exception.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Open_ParentGone_ParentNotFoundNamesThePlaces()
    {
        string parent = SaveParent("vm/base.vhd");
        SaveChild(parent, image => image.AddRelativeLocator(@".\base.vhd"));
        File.Delete(parent);

        Assert.Contains(parent, Fails(ErrorCode.ParentNotFound).Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Open_ItsOwnParent_ParentCycle()
    {
        SaveChild(Child, image => image.AddRelativeLocator(@".\child.vhd"));

        Fails(ErrorCode.ParentCycle);
    }

    [Fact]
    public void Open_TwoDisksOnEachOther_ParentCycle()
    {
        string other = _folder.File("vm/other.vhd");
        SaveChild(other, image => image.AddRelativeLocator(@".\other.vhd"));
        File.Move(Child, other);
        SaveChild(other, image => image.AddRelativeLocator(@".\other.vhd"));
        File.Copy(Child, other, overwrite: true);
        byte[] bytes = File.ReadAllBytes(other);
        Encoding.Unicode.GetBytes(@".\child.vhd").CopyTo(bytes, VhdImageBuilder.TableOffset + 512);
        File.WriteAllBytes(other, bytes);

        Fails(ErrorCode.ParentCycle);
    }

    [Theory]
    [InlineData(0x7FFF_FFFF_FFFF_FFFFul, 10u)]
    [InlineData(ulong.MaxValue, 10u)]
    [InlineData(1ul << 40, 10u)]
    [InlineData(2048ul, 0x10001u)]
    [InlineData(2048ul, uint.MaxValue)]
    public void Open_LocatorOutsideTheFile_NamesIt(ulong offset, uint length)
    {
        SaveChild(SaveParent("vm/base.vhd"), image => image.AddRelativeLocator(@".\base.vhd"));
        byte[] bytes = VhdBytes.SetHeader(File.ReadAllBytes(Child), 584, VhdBytes.UInt32(length));
        File.WriteAllBytes(Child, VhdBytes.SetHeader(bytes, 592, VhdBytes.UInt64(offset)));

        DiskFormatException exception = Assert.Throws<DiskFormatException>(() => VirtualDiskFile.Open(Child).Dispose());

        Assert.Equal(ErrorCode.VhdParentLocatorInvalid, exception.Code);
        Assert.Equal("parent locator 0", exception.Field);
        using var editor = VhdEditor.Open(Child);
        Assert.Equal(Length, editor.Disk.LengthInBytes);
    }

    [Theory]
    [InlineData("vm/base.vhd")]
    [InlineData("vm/sub/base.vhd")]
    [InlineData("other dir/bäse.vhd")]
    public void Create_ThenMoveBothAway_StillFindsTheParent(string place)
    {
        string parent = SaveParent(place);
        using (VirtualDisk opened = VirtualDiskFile.Open(parent))
        using (var file = DiskFile.Create(Child))
        {
            DifferencingVhd.Create(file, Child, opened, 2 << 20, DateTime.UnixEpoch.AddYears(50));
        }

        Directory.Move(_folder.File("vm"), _folder.File("moved"));
        string movedParent = place.StartsWith("vm", StringComparison.Ordinal) ? "moved" + place[2..] : place;

        using VirtualDisk disk = VirtualDiskFile.Open(_folder.File("moved/child.vhd"));

        Assert.Equal(_folder.File(movedParent), disk.Parent?.Path);
        Assert.Empty(disk.Findings);
        Assert.Equal(VhdType.Differencing, disk.Type);
    }

    private string SaveParent(string place)
    {
        string path = new VhdImageBuilder(Length, VhdImageBuilder.Fixed) { Identifier = ParentId }.Save(_folder.File(place));
        File.SetLastWriteTimeUtc(path, new DateTime(2024, 2, 3, 4, 5, 6, DateTimeKind.Utc));
        return path;
    }

    private void SaveChild(string parent, Action<VhdImageBuilder> locate, string? name = null, Guid? parentId = null)
    {
        var image = new VhdImageBuilder(Length, VhdImageBuilder.Differencing, 4096)
        {
            ParentIdentifier = parentId ?? ParentId,
            ParentStamp = File.Exists(parent) ? VhdImageBuilder.Stamp(File.GetLastWriteTimeUtc(parent)) : 0,
            ParentName = name ?? Path.GetFileName(parent),
        };
        locate(image);
        image.Save(Child);
    }

    private DiskOperationException Fails(ErrorCode code)
    {
        DiskOperationException exception = Assert.Throws<DiskOperationException>(() => VirtualDiskFile.Open(Child).Dispose());
        Assert.Equal(code, exception.Code);
        Assert.NotNull(exception.RecommendedAction);
        return exception;
    }
}
