using AzureVmRole.Disks.Files;

namespace AzureVmRole.Disks.Qcow2;

/// <summary>
/// Finds where the clusters of the disk are. Tables are read when they are first needed, checked once, and kept as far as
/// a bounded memory goes. Safe from any number of threads.
/// </summary>
internal sealed class Qcow2ClusterMap
{
    private const int MaximumCachedBytes = 32 << 20;

    private readonly Lock _gate = new();
    private readonly DiskFile _file;
    private readonly Qcow2Header _header;
    private readonly Qcow2Layout _layout;
    private readonly long _diskLength;
    private readonly Dictionary<long, byte[]> _tables = [];
    private readonly Queue<long> _tableOrder = new();
    private Qcow2L1Table? _l1;

    public Qcow2ClusterMap(DiskFile file, Qcow2Header header, Qcow2Layout layout, long diskLength)
    {
        _file = file;
        _header = header;
        _layout = layout;
        _diskLength = diskLength;
    }

    /// <summary>The longest run that starts at an offset, as far as one L2 table tells.</summary>
    /// <exception cref="DiskFormatException">A table is wrong.</exception>
    public Qcow2Run FindRun(long diskOffset, long end)
    {
        long tableIndex = diskOffset / _layout.TableSpan;
        long tableStart = tableIndex * _layout.TableSpan;
        end = Math.Min(end, tableStart + _layout.TableSpan);
        byte[]? table = GetTable(tableIndex);
        if (table is null)
        {
            return new Qcow2Run(Qcow2RunKind.Unallocated, end - diskOffset, 0);
        }

        int unit = (int)((diskOffset - tableStart) / _layout.UnitSize);
        long inUnit = (diskOffset - tableStart) % _layout.UnitSize;
        Qcow2Run first = ReadUnit(table, unit);
        int nextUnit = first.Kind == Qcow2RunKind.Unallocated ? SkipUnused(table, unit) : unit + 1;
        long runEnd = diskOffset - inUnit + ((long)(nextUnit - unit) * _layout.UnitSize);
        long nextInFile = first.FileOffset + _layout.UnitSize;
        while (runEnd < end)
        {
            Qcow2Run next = ReadUnit(table, nextUnit++);
            if (next.Kind != first.Kind || (next.Kind == Qcow2RunKind.Data && next.FileOffset != nextInFile))
            {
                break;
            }

            runEnd += _layout.UnitSize;
            nextInFile += _layout.UnitSize;
        }

        long fileOffset = first.Kind == Qcow2RunKind.Data ? first.FileOffset + inUnit : 0;
        return new Qcow2Run(first.Kind, Math.Min(runEnd, end) - diskOffset, fileOffset);
    }

    /// <summary>The entry of the cluster that holds an offset of the disk.</summary>
    /// <exception cref="DiskFormatException">A table is wrong.</exception>
    public Qcow2Entry GetEntry(long diskOffset)
    {
        byte[]? table = GetTable(diskOffset / _layout.TableSpan);
        int index = (int)(diskOffset % _layout.TableSpan / _layout.ClusterSize);
        return table is null ? default : Qcow2Entry.Parse(table, index, _layout);
    }

    /// <summary>The first unit after an unallocated one whose entry is not all zeros.</summary>
    private int SkipUnused(byte[] table, int unit)
    {
        int unitsPerEntry = _layout.HasExtendedEntries ? Qcow2Format.SubclusterCount : 1;
        int index = unit / unitsPerEntry;
        int zeros = table.AsSpan(index * _layout.L2EntrySize).IndexOfAnyExcept((byte)0);
        int used = zeros < 0 ? _layout.L2EntryCount : index + (zeros / _layout.L2EntrySize);
        return Math.Max(unit + 1, used * unitsPerEntry);
    }

    private Qcow2Run ReadUnit(byte[] table, int unit)
    {
        int subcluster = _layout.HasExtendedEntries ? unit % Qcow2Format.SubclusterCount : 0;
        int index = _layout.HasExtendedEntries ? unit / Qcow2Format.SubclusterCount : unit;
        var entry = Qcow2Entry.Parse(table, index, _layout);
        Qcow2RunKind kind = entry.KindOf(subcluster, _layout.HasExtendedEntries);
        long fileOffset = kind == Qcow2RunKind.Data ? entry.HostOffset + ((long)subcluster * _layout.UnitSize) : 0;
        return new Qcow2Run(kind, _layout.UnitSize, fileOffset);
    }

    private byte[]? GetTable(long tableIndex)
    {
        lock (_gate)
        {
            if (_tables.TryGetValue(tableIndex, out byte[]? table))
            {
                return table;
            }

            _l1 ??= Qcow2L1Table.Read(_file, _header, _layout, _diskLength);
            long tableOffset = _l1.TableOffset(tableIndex);
            if (tableOffset == 0)
            {
                return null;
            }

            table = new byte[_layout.ClusterSize];
            _file.ReadExactly(tableOffset, table);
            _l1.CheckOnce(tableIndex, table);
            Keep(tableIndex, table);
            return table;
        }
    }

    private void Keep(long tableIndex, byte[] table)
    {
        while ((long)(_tables.Count + 1) * _layout.ClusterSize > MaximumCachedBytes)
        {
            _tables.Remove(_tableOrder.Dequeue());
        }

        _tables.Add(tableIndex, table);
        _tableOrder.Enqueue(tableIndex);
    }
}
