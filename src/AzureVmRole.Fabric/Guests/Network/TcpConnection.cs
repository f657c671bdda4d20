namespace AzureVmRole.Fabric.Guests.Network;

/// <summary>
/// One TCP connection with the guest (RFC 9293), as far as a link needs it that neither reorders nor, but for an overrun, loses: what comes out of order is
/// asked for again, what is not acknowledged in time is sent again from there. Everything happens under the segment's lock.
/// </summary>
internal sealed partial class TcpConnection
{
    /// <summary>The largest payload in a frame of 1500 bytes.</summary>
    public const int LargestPayload = 1460;

    private const int BufferSize = 65_535;
    private const int LongestRetry = 8;

    private static readonly TimeSpan FirstTimeout = TimeSpan.FromSeconds(1);
    private static readonly TimeSpan LongestTimeout = TimeSpan.FromSeconds(16);

    // What nobody reads any more ends by then, whatever the guest does.
    private static readonly TimeSpan LongestFarewell = TimeSpan.FromSeconds(60);

    private readonly TcpLayer _layer;
    private readonly ByteRing _sending = new(BufferSize);
    private readonly ByteRing _received = new(BufferSize);
    private readonly uint _first;
    private uint _unacknowledged;
    private uint _next;
    private uint _furthest;
    private uint _awaited;
    private uint _window;
    private int _advertised = BufferSize;
    private int _retries;
    private long _armed;
    private bool _isArmed;
    private bool _isFinishing;
    private bool _isFinishSent;
    private uint? _end;
    private long? _left;

    public TcpConnection(TcpLayer layer, TcpRoute route, uint first)
    {
        _layer = layer;
        Route = route;
        _first = first;
        _unacknowledged = _next = _furthest = first;
    }

    /// <summary>The ends of the connection.</summary>
    public TcpRoute Route { get; }

    public TcpState State { get; private set; } = TcpState.Opening;

    /// <summary>Whether the guest will send no more.</summary>
    public bool IsFinishedByGuest { get; private set; }

    /// <summary>Completes when something has changed for whoever reads, writes or waits; another one is made each time.</summary>
    public TaskCompletionSource Changed { get; private set; } = NewSignal();

    /// <summary>What can be read.</summary>
    public int Readable => _received.Count;

    /// <summary>What can be written at once.</summary>
    public int Writable => _isFinishing ? 0 : _sending.Free;

    /// <summary>Begins it from the host's side.</summary>
    public void Open() => Output();

    /// <summary>Begins it with what the guest sent.</summary>
    public void Accept(in TcpSegment segment)
    {
        _awaited = Sequence.Add(segment.Sequence, 1);
        _window = segment.Window;
        State = TcpState.Accepting;
        Output();
    }

    /// <summary>Takes a segment of the guest.</summary>
    public void Receive(in TcpSegment segment)
    {
        if (segment.Has(TcpFlags.Reset))
        {
            // Only one that fits: anything else may be late (RFC 9293 section 3.5.3).
            if (State == TcpState.Opening ? segment.Acknowledged == Sequence.Add(_first, 1) : segment.Sequence == _awaited)
            {
                End(TcpState.Refused);
            }

            return;
        }

        if (State == TcpState.Opening)
        {
            ReceiveAnswer(segment);
            return;
        }

        if (segment.Has(TcpFlags.Synchronize) || !segment.Has(TcpFlags.Acknowledge) || Sequence.Distance(_furthest, segment.Acknowledged) > 0)
        {
            // What was sent before is sent again; what fits nowhere is told where this side is.
            Acknowledge();
            return;
        }

        TakeAcknowledgement(segment);
        bool isAnswerDue = TakePayload(segment);
        if (State == TcpState.Closed)
        {
            return;
        }

        if (!Output() && isAnswerDue)
        {
            Acknowledge();
        }

        EndWhenDone();
    }

    /// <summary>Looks at the time: what was not acknowledged is sent again, and in the end given up.</summary>
    public void Tick()
    {
        if (_left is { } left && _layer.Elapsed(left) >= LongestFarewell)
        {
            Abort();
            return;
        }

        var timeout = TimeSpan.FromTicks(Math.Min(FirstTimeout.Ticks << _retries, LongestTimeout.Ticks));
        if (!_isArmed || _layer.Elapsed(_armed) < timeout)
        {
            return;
        }

        if (++_retries > LongestRetry)
        {
            Send(_next, TcpFlags.Reset | TcpFlags.Acknowledge, []);
            End(TcpState.Refused);
            return;
        }

        _next = _unacknowledged;
        _isFinishSent = false;
        _armed = _layer.Now;
        if (!Output() && _sending.Count > 0)
        {
            Probe();
        }
    }

    /// <summary>Hands bytes to the guest.</summary>
    /// <returns>How many were taken.</returns>
    public int Write(ReadOnlySpan<byte> data)
    {
        int taken = _isFinishing || State != TcpState.Open ? 0 : _sending.Write(data);
        Output();
        return taken;
    }

    /// <summary>Takes bytes of the guest.</summary>
    public int Read(Span<byte> target)
    {
        int count = Math.Min(target.Length, _received.Count);
        _received.Peek(0, target[..count]);
        _received.Skip(count);
        if (State == TcpState.Open && _received.Free - _advertised >= BufferSize / 2)
        {
            Acknowledge();
        }

        return count;
    }

    /// <summary>Nothing more will be written.</summary>
    public void Finish()
    {
        if (State is TcpState.Open or TcpState.Accepting)
        {
            _isFinishing = true;
            Output();
        }
    }

    /// <summary>Nobody reads or writes any more: what was written still goes out, what comes is dropped.</summary>
    public void Leave()
    {
        _left = _layer.Now;
        _received.Skip(_received.Count);
        Finish();
    }

    /// <summary>Ends it at once.</summary>
    public void Abort()
    {
        if (State is not (TcpState.Closed or TcpState.Refused))
        {
            Send(_next, TcpFlags.Reset | TcpFlags.Acknowledge, []);
            End(TcpState.Refused);
        }
    }

    private static TaskCompletionSource NewSignal() => new(TaskCreationOptions.RunContinuationsAsynchronously);

    private void ReceiveAnswer(in TcpSegment segment)
    {
        if (!segment.Has(TcpFlags.Synchronize) || !segment.Has(TcpFlags.Acknowledge) || segment.Acknowledged != Sequence.Add(_first, 1))
        {
            return;
        }

        _awaited = Sequence.Add(segment.Sequence, 1);
        _unacknowledged = _next = _furthest = segment.Acknowledged;
        _window = segment.Window;
        Establish();
        if (!Output())
        {
            Acknowledge();
        }
    }

    private void Establish()
    {
        State = TcpState.Open;
        Disarm();
        Signal();
        _layer.Established(this);
    }

    private void TakeAcknowledgement(in TcpSegment segment)
    {
        _window = segment.Window;
        int acknowledged = Sequence.Distance(_unacknowledged, segment.Acknowledged);
        if (acknowledged <= 0)
        {
            // A guest that takes no more for now, and says so, is not one that does not answer.
            _retries = _window == 0 ? 0 : _retries;
            return;
        }

        if (State == TcpState.Accepting)
        {
            _unacknowledged = Sequence.Add(_unacknowledged, 1);
            acknowledged--;
            Establish();
        }

        // The last byte may be the end, which is not in the buffer.
        _sending.Skip(Math.Min(acknowledged, _sending.Count));
        _unacknowledged = segment.Acknowledged;
        if (Sequence.Distance(_next, _unacknowledged) > 0)
        {
            _next = _unacknowledged;
            _isFinishSent = _unacknowledged == _end;
        }

        Disarm();
        Signal();
    }

    /// <summary>Takes the part of the payload that continues what was received.</summary>
    /// <returns>Whether the guest is owed an answer.</returns>
    private bool TakePayload(in TcpSegment segment)
    {
        if (segment.Length == 0 || State != TcpState.Open)
        {
            // A probe of the window's edge has a number before it and nothing in it.
            return segment.Sequence != _awaited;
        }

        int known = Sequence.Distance(segment.Sequence, _awaited);
        if (known < 0 || known > segment.Payload.Length || IsFinishedByGuest)
        {
            return true;
        }

        ReadOnlySpan<byte> news = segment.Payload[known..];
        int taken = _left is null ? _received.Write(news) : news.Length;
        _awaited = Sequence.Add(_awaited, (uint)taken);
        if (segment.Has(TcpFlags.Finish) && taken == news.Length)
        {
            _awaited = Sequence.Add(_awaited, 1);
            IsFinishedByGuest = true;
        }

        Signal();
        return true;
    }

    private void EndWhenDone()
    {
        if (State == TcpState.Open && IsFinishedByGuest && _unacknowledged == _end)
        {
            End(TcpState.Closed);
        }
    }

    private void End(TcpState state)
    {
        State = state;
        _isArmed = false;
        _layer.Ended(this);
        Signal();
    }

    private void Arm()
    {
        _isArmed = true;
        _armed = _layer.Now;
    }

    private void Disarm()
    {
        _retries = 0;
        _isArmed = false;
        if (_next != _unacknowledged || (_sending.Count > 0 && State == TcpState.Open))
        {
            Arm();
        }
    }

    private void Signal()
    {
        TaskCompletionSource before = Changed;
        Changed = NewSignal();
        before.SetResult();
    }
}
