using System.Buffers;
using AzureVmRole.Engine.Storage;

namespace AzureVmRole.Engine.Cleanup;

/// <summary>
/// What people and other products mark their blobs with. Keys are compared without case and punctuation, since metadata allows
/// neither hyphens nor dots and tags allow both.
/// </summary>
internal static class Markings
{
    private static readonly SearchValues<char> Punctuation = SearchValues.Create("-_. :/");

    // Any value but "false" and its like protects: people write the reason there, or nothing.
    private static readonly HashSet<string> ProtectingKeys = new(StringComparer.Ordinal)
    {
        "azvmroleprotect", "donotdelete", "donotremove", "dontdelete", "nodelete", "preventdelete", "deleteprotection", "deletionprotection",
        "protect", "protected", "lock", "locked", "resourcelock", "keep", "retain", "preserve", "legalhold",
    };

    // peers.md section 6: what the clean-up scripts that deleted other products' disks did not look at.
    private static readonly (string Family, string[] KeyParts, string[] NameParts)[] Families =
    [
        ("site recovery", ["asrreplicadisk", "asrseeddisk", "msasr"], ["asrreplica", "asrseeddisk", "ms-asr-"]),
        ("Kubernetes", ["kubernetesio", "k8sazure"], ["dynamic-pvc-", "kubernetes-dynamic-"]),
        ("backup", ["rsvaultbackup", "azurebackup"], ["rsvaultbackup", "azurebackup"]),
    ];

    /// <summary>What protects a blob, for people: <c>tag 'DoNotDelete' = 'golden image'</c>; null for nothing.</summary>
    public static string? FindProtection(BlobProperties blob) => FindKey(
        blob, static (key, value) => ProtectingKeys.Contains(key) && !MeansNo(value));

    /// <summary>The other product that a blob belongs to, and what tells; null for none.</summary>
    public static string? FindForeignFamily(BlobProperties blob)
    {
        string path = blob.Name.ToString();
        foreach ((string family, string[] keyParts, string[] nameParts) in Families)
        {
            if (nameParts.Any(part => path.Contains(part, StringComparison.OrdinalIgnoreCase)))
            {
                return $"{family}, by its name";
            }

            if (FindKey(blob, (key, _) => keyParts.Any(part => key.Contains(part, StringComparison.Ordinal))) is { } mark)
            {
                return $"{family}, by its {mark}";
            }
        }

        return IsVolumeClaim(blob.Name) ? "Kubernetes, by its name" : null;
    }

    // The storage driver names a volume pvc-<GUID>.vhd.
    private static bool IsVolumeClaim(BlobName name) =>
        name.Name[(name.Name.LastIndexOf('/') + 1)..].StartsWith("pvc-", StringComparison.OrdinalIgnoreCase)
        || name.Name.Contains("-pvc-", StringComparison.OrdinalIgnoreCase);

    private static string? FindKey(BlobProperties blob, Func<string, string, bool> matches)
    {
        foreach ((string key, string value) in blob.Metadata)
        {
            if (matches(Bare(key), value))
            {
                return $"metadata '{key}' = '{value}'";
            }
        }

        foreach ((string key, string value) in blob.Tags)
        {
            if (matches(Bare(key), value))
            {
                return $"tag '{key}' = '{value}'";
            }
        }

        return null;
    }

    private static string Bare(string key)
    {
        string lower = key.ToLowerInvariant();
        return lower.AsSpan().ContainsAny(Punctuation)
            ? string.Concat(lower.Where(static character => !Punctuation.Contains(character)))
            : lower;
    }

    private static bool MeansNo(string value) => value.Trim().ToLowerInvariant() is "false" or "no" or "off" or "0";
}
