using AzureVmRole.Disks.Files;
using FsCheck;
using FsCheck.Fluent;
using Xunit;

namespace AzureVmRole.Disks.Tests.Files;

public sealed class FileOverlayModelTests
{
    private const int Length = 400;

    [Fact]
    public void Apply_AnyPatchesInAnyOrder_AsWrittenIntoAnArray() => Prop.ForAll<int>(seed =>
    {
        var random = new Random(seed);
        var overlay = new FileOverlay();
        byte[] model = new byte[Length];
        bool[] isPatched = new bool[Length];
        for (int count = random.Next(12); count > 0; count--)
        {
            int from = random.Next(Length);
            byte[] patch = new byte[random.Next(1, Length - from + 1)];
            random.NextBytes(patch);
            overlay.Add(from, patch);
            patch.CopyTo(model, from);
            isPatched.AsSpan(from, patch.Length).Fill(true);
        }

        for (int count = 0; count < 10; count++)
        {
            int from = random.Next(Length);
            int length = random.Next(1, Length - from + 1);
            byte[] read = new byte[length];
            overlay.Apply(from, read);
            Assert.Equal(model[from..(from + length)], read);
            Assert.Equal(isPatched.AsSpan(from, length).Contains(true), overlay.Intersects(from, length));
            AssertUnion(overlay, random, isPatched, from, length);
        }
    }).QuickCheckThrowOnFailure();

    private static void AssertUnion(FileOverlay overlay, Random random, bool[] isPatched, int from, int length)
    {
        int half = length / 2;
        FileRange[] data = random.Next(2) == 0 || half == 0 ? [] : [new FileRange(from + random.Next(half), half)];
        bool[] expected = [.. Enumerable.Range(from, length).Select(
            offset => isPatched[offset] || data.Any(range => offset >= range.Offset && offset < range.End))];
        bool[] found = new bool[length];
        long last = -1;
        foreach (FileRange range in overlay.Union(data, from, length))
        {
            Assert.True(range.Offset > last && range.Length > 0);
            last = range.End;
            found.AsSpan((int)range.Offset - from, (int)range.Length).Fill(true);
        }

        Assert.Equal(expected, found);
    }
}
