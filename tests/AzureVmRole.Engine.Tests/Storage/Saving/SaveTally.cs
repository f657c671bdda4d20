using System.Globalization;
using System.Text.RegularExpressions;

namespace AzureVmRole.Engine.Tests.Storage.Saving;

/// <summary>How many bytes a download says that it read, and how many an earlier one had left.</summary>
internal sealed partial record SaveTally(long Read, long Kept)
{
    public static SaveTally Of(NotedLog log)
    {
        Match match = log.Texts.Select(text => Pattern().Match(text)).Single(match => match.Success);
        return new SaveTally(Number(match.Groups["read"]), Number(match.Groups["kept"]));
    }

    private static long Number(Group group) => long.Parse(group.ValueSpan, CultureInfo.InvariantCulture);

    [GeneratedRegex("' (?<read>[0-9]+) bytes were downloaded, (?<kept>[0-9]+) were here already", RegexOptions.ExplicitCapture, 1000)]
    private static partial Regex Pattern();
}
