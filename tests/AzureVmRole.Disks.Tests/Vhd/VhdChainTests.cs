using AzureVmRole.TestKit;
using Xunit;

namespace AzureVmRole.Disks.Tests.Vhd;

/// <summary>Chains of differencing disks against the model of <see cref="VhdChainBuilder"/>.</summary>
public sealed class VhdChainTests : IDisposable
{
    private const int MiB = 1 << 20;

    private readonly TemporaryFolder _folder = new();

    public static TheoryData<int, int, int> Chains
    {
        get
        {
            var data = new TheoryData<int, int, int>();
            for (int seed = 0; seed < 24; seed++)
            {
                data.Add(seed, 2 + (seed % 6), seed % 2 == 0 ? VhdImageBuilder.Fixed : VhdImageBuilder.Dynamic);
            }

            return data;
        }
    }

    public void Dispose() => _folder.Dispose();

    [Theory]
    [MemberData(nameof(Chains))]
    public void Read_RandomChain_EveryLayerAsTheModel(int seed, int depth, int baseType)
    {
        var chain = new VhdChainBuilder(_folder, seed, depth, (2 * MiB) + (seed * 512), baseType);

        for (int layer = 0; layer < depth; layer++)
        {
            using VirtualDisk disk = VirtualDiskFile.Open(chain.Paths[layer]);
            Assert.Equal(layer == 0 ? null : chain.Paths[layer - 1], disk.Parent?.Path);
            Assert.Empty(disk.Findings);
            DiskContent.Equal(chain.Models[layer], disk);
        }
    }

    [Fact]
    public void Read_ZeroSectorsOverData_Zeros()
    {
        byte[] data = new byte[65_536];
        data.AsSpan().Fill(0x77);
        new VhdImageBuilder(MiB, VhdImageBuilder.Fixed).Write(0, data).Save(Base);
        SaveChild(image => image.Write(512, new byte[1024]));

        byte[] expected = [.. data, .. new byte[MiB - data.Length]];
        expected.AsSpan(512, 1024).Clear();
        DiskContent.Equal(expected, Child);
    }

    [Fact]
    public void Read_BitClearOverData_ParentShows()
    {
        byte[] data = new byte[65_536];
        data.AsSpan().Fill(0x77);
        new VhdImageBuilder(MiB, VhdImageBuilder.Fixed).Write(0, data).Save(Base);
        SaveChild(image => image.WriteUnmarked(0, new byte[65_536]));

        DiskContent.Equal([.. data, .. new byte[MiB - data.Length]], Child);
    }

    [Theory]
    [InlineData(MiB / 2)]
    [InlineData((MiB / 2) + 512)]
    [InlineData(2 * MiB)]
    public void Read_ParentOfAnotherSize_ZerosBeyondItsEnd(int parentLength)
    {
        byte[] data = new byte[parentLength];
        data.AsSpan().Fill(0x77);
        new VhdImageBuilder(parentLength, VhdImageBuilder.Fixed).Write(0, data).Save(Base);
        byte[] sector = new byte[512];
        sector.AsSpan().Fill(0x11);
        SaveChild(image => image.Write(MiB - 512, sector));

        byte[] expected = new byte[MiB];
        data.AsSpan(0, Math.Min(MiB, parentLength)).CopyTo(expected);
        sector.CopyTo(expected, MiB - 512);
        DiskContent.Equal(expected, Child);
    }

    [Fact]
    public void Open_ChainOfMaximumDepth_OpensAndOneMoreIsRefused()
    {
        var chain = new VhdChainBuilder(_folder, 1, DiskChain.MaximumDepth + 1, 4096, VhdImageBuilder.Fixed);

        DiskContent.Equal(chain.Models[DiskChain.MaximumDepth - 1], chain.Paths[DiskChain.MaximumDepth - 1]);
        DiskOperationException exception = Assert.Throws<DiskOperationException>(() => VirtualDiskFile.Open(chain.Top).Dispose());

        Assert.Equal(ErrorCode.ParentCycle, exception.Code);
    }

    private string Base => _folder.File("base.vhd");

    private string Child => _folder.File("child.vhd");

    private void SaveChild(Action<VhdImageBuilder> write)
    {
        var image = new VhdImageBuilder(MiB, VhdImageBuilder.Differencing, 65_536)
        {
            Identifier = Guid.NewGuid(),
            ParentIdentifier = new VhdImageBuilder(MiB, VhdImageBuilder.Fixed).Identifier,
            ParentStamp = VhdImageBuilder.Stamp(File.GetLastWriteTimeUtc(Base)),
            ParentName = "base.vhd",
        };
        write(image);
        image.Save(Child);
    }
}
