namespace AzureVmRole.Fabric.Guests.Network;

/// <content>What goes to the guest.</content>
internal sealed partial class TcpConnection
{
    /// <summary>Sends what is due and may be sent.</summary>
    /// <returns>Whether anything was, which told the guest where this side is, too.</returns>
    private bool Output()
    {
        if (State is TcpState.Opening or TcpState.Accepting)
        {
            if (_next == _first)
            {
                TcpFlags flags = State == TcpState.Opening ? TcpFlags.Synchronize : TcpFlags.Synchronize | TcpFlags.Acknowledge;
                Advance(_next, flags, [], 1);
                return true;
            }

            return false;
        }

        bool hasSent = false;
        Span<byte> payload = stackalloc byte[LargestPayload];
        while (State == TcpState.Open && !_isFinishSent)
        {
            int underway = Sequence.Distance(_unacknowledged, _next);
            int room = (int)Math.Min(_window, BufferSize) - underway;
            int length = Math.Min(Math.Min(_sending.Count - underway, room), LargestPayload);
            if (length > 0)
            {
                _sending.Peek(underway, payload[..length]);
                bool isLast = underway + length == _sending.Count;
                Advance(_next, TcpFlags.Acknowledge | (isLast ? TcpFlags.Push : TcpFlags.None), payload[..length], (uint)length);
                hasSent = true;
            }
            else if (_isFinishing && underway == _sending.Count)
            {
                Advance(_next, TcpFlags.Acknowledge | TcpFlags.Finish, [], 1);
                _isFinishSent = true;
                _end = _next;
                hasSent = true;
            }
            else
            {
                break;
            }
        }

        if (State == TcpState.Open && _sending.Count > 0 && !_isArmed)
        {
            Arm();
        }

        return hasSent;
    }

    /// <summary>Sends one byte beyond a closed window: the answer tells whether it is open again (RFC 9293 section 3.8.6.1).</summary>
    private void Probe()
    {
        Span<byte> payload = stackalloc byte[1];
        _sending.Peek(0, payload);
        Advance(_next, TcpFlags.Acknowledge, payload, 1);
    }

    private void Advance(uint sequence, TcpFlags flags, ReadOnlySpan<byte> payload, uint length)
    {
        Send(sequence, flags, payload);
        _next = Sequence.Add(sequence, length);
        if (Sequence.Distance(_furthest, _next) > 0)
        {
            _furthest = _next;
        }

        if (!_isArmed)
        {
            Arm();
        }
    }

    private void Acknowledge()
    {
        if (State == TcpState.Accepting)
        {
            _next = _first;
            Output();
            return;
        }

        Send(_next, TcpFlags.Acknowledge, []);
    }

    private void Send(uint sequence, TcpFlags flags, ReadOnlySpan<byte> payload)
    {
        _advertised = _received.Free;
        _layer.Send(Route, new TcpSegment(
            Route.HostPort, Route.GuestPort, sequence, flags.HasFlag(TcpFlags.Acknowledge) ? _awaited : 0, flags, (ushort)_advertised, payload));
    }
}
