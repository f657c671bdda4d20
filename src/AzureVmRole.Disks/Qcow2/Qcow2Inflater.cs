using System.Buffers;
using System.IO.Compression;
using AzureVmRole.Disks.Files;

namespace AzureVmRole.Disks.Qcow2;

/// <summary>
/// Inflates compressed clusters. The last few are kept, so that a cluster that is read in pieces is inflated once. Safe
/// from any number of threads: one that finds its cluster taken by another inflates it for itself.
/// </summary>
internal sealed class Qcow2Inflater
{
    private const int MaximumKeptClusters = 8;

    private readonly Lock _gate = new();
    private readonly List<Qcow2InflatedCluster> _kept = [];
    private readonly DiskFile _file;
    private readonly Qcow2Layout _layout;

    public Qcow2Inflater(DiskFile file, Qcow2Layout layout)
    {
        _file = file;
        _layout = layout;
    }

    /// <summary>Reads a part of a compressed cluster.</summary>
    /// <exception cref="DiskFormatException">The cluster cannot be inflated.</exception>
    public void Read(Qcow2Entry entry, int offsetInCluster, Span<byte> buffer)
    {
        (long fileOffset, int length) = entry.CompressedData(_layout.ClusterBits);
        if (buffer.Length == _layout.ClusterSize)
        {
            Inflate(fileOffset, length, buffer);
            return;
        }

        Qcow2InflatedCluster cluster = Take(entry.Descriptor);
        if (cluster.Descriptor != entry.Descriptor)
        {
            cluster.Descriptor = 0;
            Inflate(fileOffset, length, cluster.Bytes);
            cluster.Descriptor = entry.Descriptor;
        }

        cluster.Bytes.AsSpan(offsetInCluster, buffer.Length).CopyTo(buffer);
        Keep(cluster);
    }

    /// <summary>Takes the cluster out of the kept ones, or the oldest of them to be filled anew.</summary>
    private Qcow2InflatedCluster Take(ulong descriptor)
    {
        lock (_gate)
        {
            int index = _kept.FindIndex(cluster => cluster.Descriptor == descriptor);
            if (index < 0 && _kept.Count < MaximumKeptClusters)
            {
                return new Qcow2InflatedCluster(_layout.ClusterSize);
            }

            Qcow2InflatedCluster taken = _kept[Math.Max(0, index)];
            _kept.Remove(taken);
            return taken;
        }
    }

    private void Keep(Qcow2InflatedCluster cluster)
    {
        lock (_gate)
        {
            if (_kept.Count >= MaximumKeptClusters)
            {
                _kept.RemoveAt(0);
            }

            _kept.Add(cluster);
        }
    }

    private void Inflate(long fileOffset, int length, Span<byte> cluster)
    {
        // The last sector may end with the file, in the middle of a sector.
        length = (int)Math.Min(length, _file.Length - fileOffset);
        byte[] deflated = ArrayPool<byte>.Shared.Rent(length);
        try
        {
            _file.ReadExactly(fileOffset, deflated.AsSpan(0, length));
            using var stream = new DeflateStream(
                new MemoryStream(deflated, 0, length, writable: false), CompressionMode.Decompress);
            int inflated = stream.ReadAtLeast(cluster, cluster.Length, throwOnEndOfStream: false);
            if (inflated < cluster.Length)
            {
                throw Qcow2Errors.Cluster(
                    _file.Path, fileOffset, $"inflates to {inflated} bytes, expected {cluster.Length}");
            }
        }
        catch (InvalidDataException exception)
        {
            throw Qcow2Errors.Cluster(_file.Path, fileOffset, "is not a deflate stream", exception);
        }
        finally
        {
            ArrayPool<byte>.Shared.Return(deflated);
        }
    }
}
