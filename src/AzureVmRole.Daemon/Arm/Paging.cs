using System.Buffers.Text;
using System.Globalization;
using System.Text;

namespace AzureVmRole.Daemon.Arm;

/// <summary>Pages of lists: <c>$top</c>, <c>$skiptoken</c> and the absolute address of the next page.</summary>
internal static class Paging
{
    /// <summary>The most resources of a page.</summary>
    public const int Longest = 1000;

    private static readonly UTF8Encoding Strict = new(encoderShouldEmitUTF8Identifier: false, throwOnInvalidBytes: true);

    /// <summary>How many resources the page may have.</summary>
    /// <exception cref="FabricException">$top is no such number.</exception>
    public static int Top(ArmRequest request)
    {
        if (!request.Query.TryGetValue("$top", out string? text))
        {
            return Longest;
        }

        return int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out int top) && top > 0
            ? Math.Min(top, Longest)
            : throw ArmErrors.InvalidParameter("$top", $"The query parameter $top is '{text}', expected a number from 1 on.");
    }

    /// <summary>Where the page starts; null for the first.</summary>
    /// <exception cref="FabricException">$skiptoken is none of the fabric's.</exception>
    public static string? Continuation(ArmRequest request)
    {
        string text = request.Query.GetValueOrDefault("$skiptoken", "");
        if (text.Length == 0)
        {
            return null;
        }

        try
        {
            return Strict.GetString(Base64Url.DecodeFromChars(text));
        }
        catch (Exception exception) when (exception is FormatException or DecoderFallbackException)
        {
            throw ArmErrors.InvalidParameter("$skiptoken", "The query parameter $skiptoken is none that this fabric gave.");
        }
    }

    /// <summary>The address of the next page: the request's own with another $skiptoken; null at the end.</summary>
    public static string? NextLink(ArmRequest request, string? continuation)
    {
        if (continuation is null)
        {
            return null;
        }

        StringBuilder address = new StringBuilder(request.BaseAddress).Append(request.Path).Append('?');
        foreach ((string name, string value) in request.Query.Where(pair => !pair.Key.Equals("$skiptoken", StringComparison.OrdinalIgnoreCase)))
        {
            address.Append(Uri.EscapeDataString(name)).Append('=').Append(Uri.EscapeDataString(value)).Append('&');
        }

        return address.Append("$skiptoken=").Append(Base64Url.EncodeToString(Encoding.UTF8.GetBytes(continuation))).ToString();
    }
}
