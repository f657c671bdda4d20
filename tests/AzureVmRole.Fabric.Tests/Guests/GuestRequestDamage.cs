using System.Text;
using AzureVmRole.Fabric.Guests.Http;

namespace AzureVmRole.Fabric.Tests.Guests;

/// <summary>Damages requests at random: a few changes to method, path, parameters, headers and body, and parts of other requests in their place.</summary>
internal static class GuestRequestDamage
{
    private static readonly string[] Methods = ["GET", "POST", "PUT", "DELETE", "", "GETT"];

    private static readonly string[] Texts =
    [
        "", "\0", "\u001b[31m", "\ud800", "../../etc/passwd", "%00", "-1", "99999999999999999999", "<!DOCTYPE a [<!ENTITY b SYSTEM \"file:///etc/passwd\">]>", "&b;", "]]>", "<a>", "{", "[[[[", "\"",
        "\\ud800", "é", "\u202e", new string('a', 5000), new string('/', 300), "2099-01-01", "text", "json", "true", "AES128_CBC", "AAAA",
    ];

    public static GuestRequest Damage(GuestRequest seed, IReadOnlyList<GuestRequest> others, Random random)
    {
        GuestRequest request = seed;
        for (int left = random.Next(1, 4); left > 0; left--)
        {
            GuestRequest other = others[random.Next(others.Count)];
            request = random.Next(8) switch
            {
                0 => request with { Method = Methods[random.Next(Methods.Length)] },
                1 => request with { Path = "/" + Text(request.Path, random).TrimStart('/') },
                2 => request with { Path = other.Path },
                3 => request with { Query = Change(request.Query, other.Query, random) },
                4 => request with { Headers = Change(request.Headers, other.Headers, random) },
                5 => request with { Body = other.Body },
                _ => request with { Body = Bytes(request.Body.ToArray(), random) },
            };
        }

        return request;
    }

    private static Dictionary<string, string> Change(IReadOnlyDictionary<string, string> fields, IReadOnlyDictionary<string, string> others, Random random)
    {
        var changed = new Dictionary<string, string>(fields, StringComparer.OrdinalIgnoreCase);
        string? name = changed.Count == 0 ? null : changed.Keys.ElementAt(random.Next(changed.Count));
        switch (random.Next(3))
        {
            case 0 when name is not null:
                changed.Remove(name);
                break;
            case 1 when name is not null:
                changed[name] = Text(changed[name], random);
                break;
            default:
                foreach ((string key, string value) in others)
                {
                    changed[key] = value;
                }

                break;
        }

        return changed;
    }

    private static string Text(string text, Random random)
    {
        int at = random.Next(text.Length + 1);
        string part = Texts[random.Next(Texts.Length)];
        return random.Next(4) switch
        {
            0 => part,
            1 => text.Insert(at, part),
            2 => text[..at],
            _ => text.Length == 0 ? part : text.Remove(Math.Min(at, text.Length - 1), 1).Insert(Math.Min(at, text.Length - 1), ((char)random.Next(0x250)).ToString()),
        };
    }

    private static byte[] Bytes(byte[] bytes, Random random)
    {
        int at = random.Next(bytes.Length + 1);
        switch (random.Next(6))
        {
            case 0:
                return bytes[..at];
            case 1:
                return [.. bytes[..at], .. Encoding.UTF8.GetBytes(Texts[random.Next(Texts.Length)]), .. bytes[at..]];
            case 2:
                return [.. bytes, .. bytes[at..]];
            case 3:
                return [.. bytes[..at], .. Encoding.UTF8.GetBytes(string.Concat(Enumerable.Repeat("<a><b>", random.Next(2000)))), .. bytes[at..]];
            case 4:
                byte[] noise = new byte[random.Next(70_000)];
                random.NextBytes(noise);
                return noise;
            default:
                foreach (int _ in Enumerable.Range(0, bytes.Length == 0 ? 0 : random.Next(1, 8)))
                {
                    bytes[random.Next(bytes.Length)] ^= (byte)(1 << random.Next(8));
                }

                return bytes;
        }
    }
}
