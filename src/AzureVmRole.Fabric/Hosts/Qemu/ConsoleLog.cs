using System.Buffers;
using System.Text;

namespace AzureVmRole.Fabric.Hosts.Qemu;

/// <summary>What a guest writes to its serial console: the first bytes and the last ones, so that no guest fills a disk or the memory. Safe for several threads.</summary>
internal sealed class ConsoleLog(Action<string>? line = null)
{
    private const int HeadSize = 1 << 20;
    private const int TailSize = 1 << 20;
    private const int LongestLine = 4096;

    private readonly Lock _lock = new();
    private readonly ArrayBufferWriter<byte> _head = new();
    private readonly Guests.Network.ByteRing _tail = new(TailSize);
    private readonly StringBuilder _line = new();
    private long _dropped;
    private bool _isEscape;
    private bool _isSequence;

    /// <summary>What stands on the last line, which has not ended: a prompt does not.</summary>
    public string Unfinished
    {
        get
        {
            lock (_lock)
            {
                return _line.ToString();
            }
        }
    }

    /// <summary>Adds what came.</summary>
    public void Write(ReadOnlySpan<byte> data)
    {
        var lines = new List<string>();
        lock (_lock)
        {
            Keep(data);
            foreach (byte value in data)
            {
                if (value == '\n' || _line.Length >= LongestLine)
                {
                    lines.Add(_line.ToString());
                    _line.Clear();
                }
                else if (IsText(value))
                {
                    _line.Append((char)value);
                }
            }
        }

        foreach (string complete in lines)
        {
            line?.Invoke(complete);
        }
    }

    /// <summary>What was written from a place on; null when some of it is not kept.</summary>
    public byte[]? ReadFrom(long position)
    {
        lock (_lock)
        {
            if (_dropped > 0)
            {
                return null;
            }

            ReadOnlySpan<byte> head = _head.WrittenSpan[(int)Math.Min(position, _head.WrittenCount)..];
            int skipped = (int)Math.Max(0, position - _head.WrittenCount);
            byte[] news = new byte[head.Length + _tail.Count - skipped];
            head.CopyTo(news);
            _tail.Peek(skipped, news.AsSpan(head.Length));
            return news;
        }
    }

    /// <summary>Everything that is kept, with a line that says what is not.</summary>
    public byte[] ToArray()
    {
        lock (_lock)
        {
            byte[] tail = new byte[_tail.Count];
            _tail.Peek(0, tail);
            return [.. _head.WrittenSpan, .. _dropped > 0 ? Encoding.ASCII.GetBytes($"\n[{_dropped} bytes are not kept]\n") : [], .. tail];
        }
    }

    /// <summary>Whether a byte is seen in a line: control characters are not, nor are the sequences that they begin (ECMA-48, "CSI").</summary>
    private bool IsText(byte value)
    {
        const byte Escape = 0x1b;
        bool wasSequence = _isSequence;
        bool wasEscape = _isEscape;
        _isEscape = value == Escape;
        _isSequence = (wasEscape && value == '[') || (wasSequence && value is >= 0x20 and < 0x40);
        return value is >= 32 and < 127 && !wasEscape && !wasSequence;
    }

    private void Keep(ReadOnlySpan<byte> data)
    {
        int first = (int)Math.Min(HeadSize - _head.WrittenCount, data.Length);
        _head.Write(data[..first]);
        data = data[first..];
        for (; data.Length > 0; data = data[_tail.Write(data)..])
        {
            int room = Math.Min(data.Length, TailSize);
            int surplus = Math.Max(0, room - _tail.Free);
            _tail.Skip(surplus);
            _dropped += surplus;
        }
    }
}
