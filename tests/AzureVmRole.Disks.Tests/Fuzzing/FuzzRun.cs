using AzureVmRole.Disks.Files;
using AzureVmRole.Disks.Partitions;
using AzureVmRole.Disks.Readiness;
using Xunit;

namespace AzureVmRole.Disks.Tests.Fuzzing;

/// <summary>
/// Damages a seed case by case and looks at each the way the module does: opens it, reads its partitions, applies the
/// readiness rules, lists and reads it. Each case must end in an error of ours that names field and place, or in the right
/// content; within bounds of memory and of time.
/// </summary>
internal sealed class FuzzRun(FuzzSeed seed)
{
    private const long MaximumAllocation = 64 << 20;
    private const int MaximumExtents = 50_000;
    private const long MaximumRead = 32 << 20;
    private const int Piece = 1 << 20;

    /// <summary>Far beyond what the slowest case takes on the slowest machine: only a hang is longer.</summary>
    private static readonly TimeSpan LongestCase = TimeSpan.FromMinutes(2);

    private readonly byte[] _buffer = new byte[Piece];
    private int _number;

    public int ReadCount { get; private set; }

    public int RefusedCount { get; private set; }

    public long MostAllocated { get; private set; }

    /// <summary>Runs the cases from 0 on; throws at the first that ends otherwise than it must.</summary>
    public async Task RunAsync(int caseCount, CancellationToken cancellationToken)
    {
        var work = Task.Run(() => RunAll(caseCount, cancellationToken), cancellationToken);
        while (!work.IsCompleted)
        {
            int seen = Volatile.Read(ref _number);
            try
            {
                await work.WaitAsync(LongestCase, cancellationToken);
            }
            catch (TimeoutException)
            {
                Assert.True(Volatile.Read(ref _number) != seen, $"Case {seen} of {seed.Main.Path} hangs.");
            }
        }

        await work;
    }

    private void RunAll(int caseCount, CancellationToken cancellationToken)
    {
        Look(seed.Content);
        ReadCount = 0;
        for (int number = 0; number < caseCount; number++)
        {
            cancellationToken.ThrowIfCancellationRequested();
            Volatile.Write(ref _number, number);
            var mutation = new FuzzMutation(seed, number);
            mutation.Apply();
            try
            {
                Look(mutation.Expected);
            }
            catch (Exception exception)
            {
                throw new InvalidOperationException($"Case {number}: {exception.Message}", exception);
            }

            mutation.Undo();
        }
    }

    private void Look(byte[]? expected)
    {
        long before = GC.GetAllocatedBytesForCurrentThread();
        VirtualDisk? disk = null;
        try
        {
            disk = VirtualDiskFile.Open(seed.Main.Path);
            ReadEverything(disk);
            CheckAllocation(before);
            ReadCount++;
            CheckContent(disk, expected);
        }
        catch (AzureVmRoleException exception)
        {
            CheckAllocation(before);
            CheckError(exception, expected);
            RefusedCount++;
        }
        finally
        {
            disk?.Dispose();
        }
    }

    private void ReadEverything(VirtualDisk disk)
    {
        var table = PartitionTable.Read(disk);
        ReadinessCatalogue.Apply(new ReadinessSubject(disk, table, table.Generation, false, false));
        long position = 0;
        long read = 0;
        int count = 0;
        var places = new List<(DiskFile File, long From, long To)>();
        foreach (DiskExtent extent in disk.EnumerateExtents(0, disk.LengthInBytes))
        {
            Assert.True(extent.DiskOffset == position && extent.Length > 0, $"An extent starts at {extent.DiskOffset} behind {position}.");
            position = extent.End;
            if (extent is { Kind: ExtentKind.File, File: { } file })
            {
                places.Add((file, extent.FileOffset, extent.FileOffset + extent.Length));
            }

            for (long done = 0; extent.Kind != ExtentKind.Zero && done < extent.Length && read < MaximumRead; done += Piece)
            {
                int length = (int)Math.Min(Piece, extent.Length - done);
                disk.ReadExtent(extent.Slice(extent.DiskOffset + done, length), _buffer.AsSpan(0, length));
                read += length;
            }

            if (++count == MaximumExtents)
            {
                return;
            }
        }

        Assert.Equal(disk.LengthInBytes, position);
        CheckApart(places);
    }

    /// <summary>No byte of a file is shown at two places of a disk, and none from beyond the file's end.</summary>
    private static void CheckApart(List<(DiskFile File, long From, long To)> places)
    {
        foreach (IGrouping<DiskFile, (DiskFile File, long From, long To)> group in places.GroupBy(place => place.File))
        {
            long end = 0;
            foreach ((DiskFile file, long from, long to) in group.OrderBy(place => place.From))
            {
                Assert.True(from >= end, $"Bytes from 0x{from:X} on of '{file.Path}' show twice.");
                Assert.True(to <= file.Length, $"Bytes up to 0x{to:X} of '{file.Path}' show, which has 0x{file.Length:X}.");
                end = to;
            }
        }
    }

    private void CheckContent(VirtualDisk disk, byte[]? expected)
    {
        byte[]? right = expected;
        if (right is null)
        {
            if (seed.Oracle is not { } oracle)
            {
                return;
            }

            right = oracle(disk);
            Assert.True(right is not null, "The disk was read though nobody can tell what it holds.");
        }

        Assert.Equal(right.Length, disk.LengthInBytes);
        for (int offset = 0; offset < right.Length; offset += Piece)
        {
            Span<byte> piece = _buffer.AsSpan(0, Math.Min(Piece, right.Length - offset));
            disk.Read(offset, piece);
            int same = piece.CommonPrefixLength(right.AsSpan(offset, piece.Length));
            Assert.True(same == piece.Length, $"The disk shows other bytes from {offset + same} on.");
        }
    }

    private static void CheckError(AzureVmRoleException exception, byte[]? expected)
    {
        Assert.True(expected is null, $"Only content was changed, but: {exception.Message}");
        Assert.True(exception is DiskFormatException or DiskOperationException, exception.GetType().Name);
        Assert.NotEqual(ErrorCode.InternalError, exception.Code);
        Assert.NotEmpty(exception.Message);
        if (exception is DiskFormatException format)
        {
            Assert.NotEmpty(format.Field);
            Assert.True(format.FileOffset >= 0, $"{format.Field} at {format.FileOffset}");
        }
    }

    private void CheckAllocation(long before)
    {
        long allocated = GC.GetAllocatedBytesForCurrentThread() - before;
        MostAllocated = Math.Max(MostAllocated, allocated);
        Assert.True(allocated <= MaximumAllocation, $"{allocated} bytes were allocated.");
    }
}
