namespace AzureVmRole.Engine.Storage;

/// <summary>
/// How many requests may be under way at once. Starts low, grows by one with every full round of good answers, and halves
/// when the service says that it is too busy (additive increase, multiplicative decrease).
/// </summary>
/// <param name="initial">Where it starts.</param>
/// <param name="maximum">Where it ends.</param>
public sealed class ConcurrencyLimit(int initial, int maximum)
{
    private readonly Lock _lock = new();
    private readonly Queue<TaskCompletionSource> _waiting = new();
    private int _limit = Math.Min(initial, maximum);
    private int _running;
    private int _goodAnswers;

    /// <summary>How many requests may be under way now.</summary>
    public int Current
    {
        get
        {
            lock (_lock)
            {
                return _limit;
            }
        }
    }

    /// <summary>The most that it grows to.</summary>
    public int Maximum { get; } = maximum;

    /// <summary>Waits for a place. Every place that was got is given back with <see cref="Release"/>.</summary>
    public async ValueTask AcquireAsync(CancellationToken cancellationToken)
    {
        TaskCompletionSource turn;
        lock (_lock)
        {
            if (_running < _limit && _waiting.Count == 0)
            {
                _running++;
                return;
            }

            turn = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
            _waiting.Enqueue(turn);
        }

        using CancellationTokenRegistration registration = cancellationToken.Register(
            static state => ((TaskCompletionSource)state!).TrySetCanceled(), turn);
        try
        {
            await turn.Task.ConfigureAwait(false);
        }
        catch (OperationCanceledException)
        {
            throw new OperationCanceledException(cancellationToken);
        }
    }

    /// <summary>Gives a place back.</summary>
    public void Release()
    {
        lock (_lock)
        {
            _running--;
            Admit();
        }
    }

    /// <summary>The service has answered a request in time.</summary>
    public void NoteGoodAnswer()
    {
        lock (_lock)
        {
            if (_limit < Maximum && ++_goodAnswers >= _limit)
            {
                _goodAnswers = 0;
                _limit++;
                Admit();
            }
        }
    }

    /// <summary>The service is too busy.</summary>
    public void NoteBusyAnswer()
    {
        lock (_lock)
        {
            _goodAnswers = 0;
            _limit = Math.Max(1, _limit / 2);
        }
    }

    private void Admit()
    {
        while (_running < _limit && _waiting.TryDequeue(out TaskCompletionSource? turn))
        {
            // A turn that was given up while it waited takes no place.
            if (turn.TrySetResult())
            {
                _running++;
            }
        }
    }
}
