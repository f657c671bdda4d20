using System.Buffers;
using System.IO.Compression;
using AzureVmRole.Disks.Files;

namespace AzureVmRole.Disks.Qcow2;

/// <summary>
/// Inflates compressed clusters. The last few are kept, so that a cluster that is read in pieces is inflated once. Safe
/// from any number of threads: one that wants the cluster that another is inflating waits for it.
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
        try
        {
            lock (cluster)
            {
                if (!cluster.IsFilled)
                {
                    Inflate(fileOffset, length, cluster.Bytes);
                    cluster.IsFilled = true;
                }
            }

            cluster.Bytes.AsSpan(offsetInCluster, buffer.Length).CopyTo(buffer);
        }
        finally
        {
            Return(cluster);
        }
    }

    /// <summary>The cluster with a descriptor, or a place to inflate it to: the least recently used one where all are taken.</summary>
    private Qcow2InflatedCluster Take(ulong descriptor)
    {
        lock (_gate)
        {
            Qcow2InflatedCluster? cluster = _kept.Find(kept => kept.Descriptor == descriptor);
            if (cluster is not null)
            {
                _kept.Remove(cluster);
            }
            else
            {
                Qcow2InflatedCluster? old = _kept.Count < MaximumKeptClusters ? null : _kept.Find(kept => kept.UserCount == 0);
                cluster = new Qcow2InflatedCluster(descriptor, old?.Bytes ?? new byte[_layout.ClusterSize]);
                if (old is not null)
                {
                    _kept.Remove(old);
                }
            }

            cluster.UserCount++;
            _kept.Add(cluster);
            return cluster;
        }
    }

    private void Return(Qcow2InflatedCluster cluster)
    {
        lock (_gate)
        {
            cluster.UserCount--;
            if (cluster.UserCount == 0 && _kept.Count > MaximumKeptClusters)
            {
                _kept.Remove(cluster);
            }
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
