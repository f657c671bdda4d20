namespace AzureVmRole.Disks.Vhdx;

/// <summary>
/// Finds the active sequence: the newest run of entries whose head points back into the run ([MS-VHDX] section 2.3.3).
/// </summary>
internal static class VhdxLogSequence
{
    /// <summary>The entries to replay, from the tail that the newest head names to that head; empty without any.</summary>
    public static IReadOnlyList<VhdxLogEntry> FindActive(VhdxLog log)
    {
        List<VhdxLogEntry> active = [];
        long sector = 0;
        while (sector < log.SectorCount)
        {
            List<VhdxLogEntry> run = ReadRun(log, (int)sector);
            if (run.Count == 0)
            {
                sector++;
                continue;
            }

            VhdxLogEntry head = run[^1];
            int tail = run.FindIndex(entry => entry.Sector == head.Header.TailSector);
            if (tail >= 0 && (active.Count == 0 || head.Header.SequenceNumber > active[^1].Header.SequenceNumber))
            {
                active = run[tail..];
            }

            // A run that starts at a later entry of this one has the same head and fewer entries: it is no better.
            sector += run.Sum(entry => (long)entry.Header.SectorCount);
        }

        return active;
    }

    private static List<VhdxLogEntry> ReadRun(VhdxLog log, int firstSector)
    {
        var run = new List<VhdxLogEntry>();
        long length = 0;
        while (length < log.SectorCount
            && log.TryReadEntry(log.Wrap(firstSector + length)) is { } entry
            && length + entry.Header.SectorCount <= log.SectorCount
            && (run.Count == 0 || entry.Header.SequenceNumber - 1 == run[^1].Header.SequenceNumber))
        {
            run.Add(entry);
            length += entry.Header.SectorCount;
        }

        return run;
    }
}
