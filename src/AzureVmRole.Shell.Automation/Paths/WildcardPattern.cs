using System.Text;

namespace System.Management.Automation;

/// <summary>
/// A pattern of <c>*</c> (anything), <c>?</c> (one character) and <c>[a-z]</c> (one of a set); a backtick takes the
/// meaning from the next character.
/// </summary>
public sealed class WildcardPattern
{
    private readonly string _pattern;
    private readonly bool _ignoreCase;

    /// <summary>Makes a pattern for which case matters.</summary>
    public WildcardPattern(string pattern)
        : this(pattern, WildcardOptions.None)
    {
    }

    /// <summary>Makes a pattern.</summary>
    public WildcardPattern(string pattern, WildcardOptions options)
    {
        _pattern = pattern;
        _ignoreCase = options.HasFlag(WildcardOptions.IgnoreCase);
    }

    /// <summary>Makes a pattern.</summary>
    public static WildcardPattern Get(string pattern, WildcardOptions options) => new(pattern, options);

    /// <summary>Whether the text has an unescaped wildcard.</summary>
    public static bool ContainsWildcardCharacters(string pattern)
    {
        for (int index = 0; index < pattern.Length; index++)
        {
            switch (pattern[index])
            {
                case '`':
                    index++;
                    break;
                case '*' or '?' or '[' or ']':
                    return true;
            }
        }

        return false;
    }

    /// <summary>Returns a pattern that matches the text itself.</summary>
    public static string Escape(string pattern)
    {
        StringBuilder result = new();
        foreach (char character in pattern)
        {
            if (character is '*' or '?' or '[' or ']' or '`')
            {
                result.Append('`');
            }

            result.Append(character);
        }

        return result.ToString();
    }

    /// <summary>Takes the backticks away that escape wildcards.</summary>
    public static string Unescape(string pattern)
    {
        StringBuilder result = new();
        for (int index = 0; index < pattern.Length; index++)
        {
            bool escapes = pattern[index] == '`'
                && index + 1 < pattern.Length
                && pattern[index + 1] is '*' or '?' or '[' or ']' or '`';
            index += escapes ? 1 : 0;
            result.Append(pattern[index]);
        }

        return result.ToString();
    }

    /// <summary>Whether the whole text fits the pattern.</summary>
    public bool IsMatch(string input)
    {
        int at = 0;
        int position = 0;
        int starAt = -1;
        int starPosition = 0;
        while (position < input.Length)
        {
            if (at < _pattern.Length && _pattern[at] == '*')
            {
                starAt = ++at;
                starPosition = position;
            }
            else if (MatchOne(at, input[position]) is int next)
            {
                at = next;
                position++;
            }
            else if (starAt >= 0)
            {
                at = starAt;
                position = ++starPosition;
            }
            else
            {
                return false;
            }
        }

        return _pattern.AsSpan(at).TrimStart('*').IsEmpty;
    }

    private int? MatchOne(int at, char character)
    {
        if (at >= _pattern.Length)
        {
            return null;
        }

        switch (_pattern[at])
        {
            case '?':
                return at + 1;
            case '[':
                return MatchSet(at + 1, character);
            case '`' when at + 1 < _pattern.Length:
                return Same(_pattern[at + 1], character) ? at + 2 : null;
            default:
                return Same(_pattern[at], character) ? at + 1 : null;
        }
    }

    private int? MatchSet(int at, char character)
    {
        bool found = false;
        while (at < _pattern.Length && _pattern[at] != ']')
        {
            at += _pattern[at] == '`' && at + 1 < _pattern.Length ? 1 : 0;
            char low = _pattern[at++];
            char high = low;
            if (at + 1 < _pattern.Length && _pattern[at] == '-' && _pattern[at + 1] != ']')
            {
                high = _pattern[at + 1];
                at += 2;
            }

            char folded = Fold(character);
            found |= folded >= Fold(low) && folded <= Fold(high);
        }

        return found && at < _pattern.Length ? at + 1 : null;
    }

    private bool Same(char left, char right) => Fold(left) == Fold(right);

    private char Fold(char character) => _ignoreCase ? char.ToLowerInvariant(character) : character;
}
