using System.Globalization;

namespace AzureVmRole.TestKit.Faults;

/// <summary>One request that came to the proxy, and what became of it.</summary>
public sealed class ProxiedRequest
{
    private readonly MessageHead _head;
    private readonly string _query;

    internal ProxiedRequest(int number, long arrivedAt, MessageHead head)
    {
        Number = number;
        ArrivedAt = arrivedAt;
        _head = head;
        string[] words = head.FirstLine.Split(' ');
        Method = words[0];
        string[] target = words[1].Split('?', 2);
        Path = Uri.UnescapeDataString(target[0]);
        _query = target.Length > 1 ? target[1] : "";
    }

    /// <summary>Counts all requests of the proxy from 1.</summary>
    public int Number { get; }

    /// <summary>A time stamp of <see cref="TimeProvider.System"/>.</summary>
    public long ArrivedAt { get; }

    /// <summary>The HTTP method.</summary>
    public string Method { get; }

    /// <summary>The path, decoded, without the query.</summary>
    public string Path { get; }

    /// <summary>What the request works on: <c>comp</c> of the query (<c>page</c>, <c>pagelist</c>, <c>metadata</c>, <c>lease</c>, <c>list</c>, …); empty without one.</summary>
    public string Comp => Parameter("comp") ?? "";

    /// <summary>The operation in words that counts can be grouped by: method, comp, and what the headers make of it.</summary>
    public string Operation => string.Join(
        ' ', new[] { Method, Comp, Header("x-ms-page-write"), Header("x-ms-lease-action"), Parameter("restype") }.Where(word => !string.IsNullOrEmpty(word)));

    /// <summary>The first byte of the range that the request names; null without a range.</summary>
    public long? RangeStart => Range?[0];

    /// <summary>How many bytes the range has; null without a range.</summary>
    public long? RangeLength => Range is { Length: 2 } range ? range[1] - range[0] + 1 : null;

    /// <summary>The status that the client was sent, or the upstream's where the client was sent nothing; null when there was none.</summary>
    public int? Status { get; internal set; }

    /// <summary>Whether a rule treated it.</summary>
    public bool IsTreated { get; internal set; }

    /// <summary>Bytes of the body that came from the client.</summary>
    public long BodyBytesSent { get; internal set; }

    /// <summary>All bytes that were sent to the client, head included.</summary>
    public long BytesReceived { get; internal set; }

    private long[]? Range => (Header("x-ms-range") ?? Header("Range"))?.Split('=')[1]
        .Split('-', StringSplitOptions.RemoveEmptyEntries)
        .Select(number => long.Parse(number, CultureInfo.InvariantCulture))
        .ToArray();

    /// <summary>A header's value; null without it.</summary>
    public string? Header(string name) => _head[name];

    /// <inheritdoc/>
    public override string ToString() => $"{Number}: {Operation} {Path} {RangeStart}+{RangeLength} -> {Status}";

    private string? Parameter(string name) => _query.Split('&')
        .Select(pair => pair.Split('=', 2))
        .Where(pair => pair.Length == 2 && pair[0].Equals(name, StringComparison.OrdinalIgnoreCase))
        .Select(pair => Uri.UnescapeDataString(pair[1]))
        .FirstOrDefault();
}
