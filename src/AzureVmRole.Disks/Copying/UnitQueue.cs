namespace AzureVmRole.Disks.Copying;

/// <summary>Hands out the extents of a disk to several workers, all extents of one target unit to the same worker.</summary>
internal sealed class UnitQueue(IEnumerable<DiskExtent> extents, int unitSizeInBytes)
{
    private readonly Lock _lock = new();
    private readonly IEnumerator<DiskExtent> _extents = extents.GetEnumerator();
    private DiskExtent _rest;

    /// <summary>Takes the extents of the next unit that has any.</summary>
    /// <param name="unit">Gets the extents; what it held is dropped.</param>
    /// <param name="reached">Where on the disk the unit ends.</param>
    /// <returns>False when there are no more.</returns>
    public bool TryTake(List<DiskExtent> unit, out long reached)
    {
        unit.Clear();
        lock (_lock)
        {
            reached = 0;
            if (!TryPeek())
            {
                return false;
            }

            reached = ((_rest.DiskOffset / unitSizeInBytes) + 1) * unitSizeInBytes;
            while (TryPeek() && _rest.DiskOffset < reached)
            {
                long length = Math.Min(_rest.End, reached) - _rest.DiskOffset;
                unit.Add(_rest.Slice(_rest.DiskOffset, length));
                _rest = _rest.Slice(_rest.DiskOffset + length, _rest.Length - length);
            }

            return true;
        }
    }

    private bool TryPeek()
    {
        while (_rest.Length == 0)
        {
            if (!_extents.MoveNext())
            {
                return false;
            }

            _rest = _extents.Current;
        }

        return true;
    }
}
