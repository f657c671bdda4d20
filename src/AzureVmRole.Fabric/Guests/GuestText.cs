using System.Text;

namespace AzureVmRole.Fabric.Guests;

/// <summary>Text of a guest, made fit to be shown.</summary>
internal static class GuestText
{
    /// <summary>The longest text that is kept, in characters: the most that Azure's wire server takes as a description.</summary>
    public const int Longest = 4096;

    /// <summary>
    /// Without what a terminal or a log would act on: control characters become spaces (line feeds and tabs stay), halves of surrogate pairs U+FFFD; what is longer
    /// than <paramref name="longest"/> characters ends in an ellipsis. Null for null and for nothing but white space.
    /// </summary>
    public static string? Clean(string? text, int longest = Longest)
    {
        if (string.IsNullOrWhiteSpace(text))
        {
            return null;
        }

        var clean = new StringBuilder(Math.Min(text.Length, longest));
        foreach (Rune rune in text.EnumerateRunes())
        {
            if (clean.Length + rune.Utf16SequenceLength > longest - 1)
            {
                clean.Append('…');
                break;
            }

            bool isShown = rune.Value is '\n' or '\t' || !(Rune.IsControl(rune) || IsInvisible(rune.Value));
            clean.Append(isShown ? rune.ToString() : " ");
        }

        string result = clean.ToString().Trim();
        return result.Length == 0 ? null : result;
    }

    /// <summary>Line and paragraph separators, and what turns the direction of the text around it.</summary>
    private static bool IsInvisible(int value) => value is 0x2028 or 0x2029 or (>= 0x202A and <= 0x202E) or (>= 0x2066 and <= 0x2069);
}
