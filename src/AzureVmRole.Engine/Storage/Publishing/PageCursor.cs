namespace AzureVmRole.Engine.Storage.Publishing;

/// <summary>Walks the pages that a blob holds, in step with something else that goes through the disk in order.</summary>
internal sealed class PageCursor(IAsyncEnumerable<PageRange> pages, long start, CancellationToken cancellationToken) : IAsyncDisposable
{
    private readonly IAsyncEnumerator<PageRange> _pages = pages.GetAsyncEnumerator(cancellationToken);
    private PageRange _rest;
    private long _position = start;
    private bool _isAtEnd;

    /// <summary>The pages between where the cursor is and an offset, to which it moves.</summary>
    public async Task<List<PageRange>> TakeAsync(long to)
    {
        var taken = new List<PageRange>();
        while (await TryPeekAsync().ConfigureAwait(false) && _rest.Offset < to)
        {
            long from = Math.Max(_rest.Offset, _position);
            long end = Math.Min(_rest.End, to);
            if (from < end)
            {
                taken.Add(new PageRange(from, end - from));
            }

            _rest = end < _rest.End ? new PageRange(end, _rest.End - end) : default;
        }

        _position = Math.Max(_position, to);
        return taken;
    }

    /// <inheritdoc/>
    public ValueTask DisposeAsync() => _pages.DisposeAsync();

    private async ValueTask<bool> TryPeekAsync()
    {
        while (_rest.Length == 0 && !_isAtEnd)
        {
            _isAtEnd = !await _pages.MoveNextAsync().ConfigureAwait(false);
            _rest = _isAtEnd ? default : _pages.Current;
        }

        return !_isAtEnd || _rest.Length > 0;
    }
}
