namespace AzureVmRole.TestKit;

/// <summary>
/// A chain of VHD files with random content and, beside each, the bytes that it must show: a base and differences on it,
/// each with its own block size, with sectors of data and of zeros written over what is beneath.
/// </summary>
public sealed class VhdChainBuilder
{
    private static readonly int[] BlockSizes = [4096, 16_384, 65_536, 524_288];

    private readonly Random _random;
    private readonly List<byte[]> _models = [];
    private readonly List<string> _paths = [];
    private readonly int _length;

    /// <summary>Builds the files NAME0.vhd (the base) to NAMEn.vhd.</summary>
    public VhdChainBuilder(TemporaryFolder folder, int seed, int depth, int lengthInBytes, int baseType)
    {
        _random = new Random(seed);
        _length = lengthInBytes;
        AddBase(folder.File("layer0.vhd"), baseType);
        for (int layer = 1; layer < depth; layer++)
        {
            AddLayer(folder.File($"layer{layer}.vhd"), layer);
        }
    }

    /// <summary>The files, the base first.</summary>
    public IReadOnlyList<string> Paths => _paths;

    /// <summary>What each file shows together with those beneath it.</summary>
    public IReadOnlyList<byte[]> Models => _models;

    public string Top => _paths[^1];

    public static Guid IdOf(int layer) => new(layer + 1, 0, 0, [1, 2, 3, 4, 5, 6, 7, 8]);

    /// <summary>Gives the children of changed files the time stamps that they expect, from the base up.</summary>
    public static void SetTime(string path, int layer) =>
        File.SetLastWriteTimeUtc(path, new DateTime(2020, 1, 1, 0, 0, 0, DateTimeKind.Utc).AddDays(layer));

    private void AddBase(string path, int baseType)
    {
        var image = new VhdImageBuilder(_length, baseType, BlockSizes[_random.Next(BlockSizes.Length)]) { Identifier = IdOf(0) };
        byte[] model = new byte[_length];
        WriteRandomly(image, model);
        Save(image, path, model, 0);
    }

    private void AddLayer(string path, int layer)
    {
        string parent = _paths[^1];
        var image = new VhdImageBuilder(_length, VhdImageBuilder.Differencing, BlockSizes[_random.Next(BlockSizes.Length)])
        {
            Identifier = IdOf(layer),
            ParentIdentifier = IdOf(layer - 1),
            ParentStamp = VhdImageBuilder.Stamp(File.GetLastWriteTimeUtc(parent)),
            ParentName = Path.GetFileName(parent),
        };
        image.AddRelativeLocator($".\\{Path.GetFileName(parent)}");
        byte[] model = [.. _models[^1]];
        WriteRandomly(image, model);
        Save(image, path, model, layer);
    }

    private void WriteRandomly(VhdImageBuilder image, byte[] model)
    {
        int sectors = _length / VhdImageBuilder.SectorSize;
        for (int count = _random.Next(3, 14); count > 0; count--)
        {
            int from = _random.Next(sectors);
            int length = Math.Min(sectors - from, 1 + (_random.Next(4) == 0 ? _random.Next(400) : _random.Next(12)));
            byte[] data = new byte[length * VhdImageBuilder.SectorSize];
            if (_random.Next(3) > 0)
            {
                _random.NextBytes(data);
            }

            image.Write(from * VhdImageBuilder.SectorSize, data);
            data.CopyTo(model, from * VhdImageBuilder.SectorSize);
        }

        if (image.DiskType == VhdImageBuilder.Differencing)
        {
            WriteUnmarked(image);
        }
    }

    /// <summary>Bytes in a block that its bitmap does not know of: they must not show.</summary>
    private void WriteUnmarked(VhdImageBuilder image)
    {
        byte[] junk = new byte[VhdImageBuilder.SectorSize];
        junk.AsSpan().Fill(0xEE);
        int sector = _random.Next(_length / VhdImageBuilder.SectorSize);
        if (!image.IsMarked(sector * VhdImageBuilder.SectorSize))
        {
            image.WriteUnmarked(sector * VhdImageBuilder.SectorSize, junk);
        }
    }

    private void Save(VhdImageBuilder image, string path, byte[] model, int layer)
    {
        image.Save(path);
        SetTime(path, layer);
        _paths.Add(path);
        _models.Add(model);
    }
}
