namespace AzureVmRole.Engine.Storage.Publishing;

/// <summary>What can be done with ordered ranges.</summary>
internal static class PageRanges
{
    /// <summary>Two ordered sequences as one, by offset; ranges may overlap afterwards.</summary>
    public static IEnumerable<PageRange> Merge(IEnumerable<PageRange> first, IEnumerable<PageRange> second)
    {
        using IEnumerator<PageRange> others = second.GetEnumerator();
        bool hasOther = others.MoveNext();
        foreach (PageRange range in first)
        {
            for (; hasOther && others.Current.Offset < range.Offset; hasOther = others.MoveNext())
            {
                yield return others.Current;
            }

            yield return range;
        }

        for (; hasOther; hasOther = others.MoveNext())
        {
            yield return others.Current;
        }
    }
}
