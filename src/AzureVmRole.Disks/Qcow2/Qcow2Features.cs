using System.Globalization;
using System.Numerics;

namespace AzureVmRole.Disks.Qcow2;

/// <summary>Refuses, by name, what cannot be read, and tells what is odd about what can.</summary>
internal static class Qcow2Features
{
    /// <exception cref="DiskFormatException">The file needs a feature that is not supported.</exception>
    public static void Check(string path, Qcow2Header header, Qcow2Extensions extensions)
    {
        ulong unreadable = header.IncompatibleFeatures & ~Qcow2Format.IncompatibleReadable;
        if (unreadable != 0)
        {
            int bit = BitOperations.TrailingZeroCount(unreadable);
            throw Qcow2Errors.Unsupported(
                path, "incompatible_features", Qcow2Header.IncompatibleFeaturesOffset, NameOf(bit, extensions));
        }

        if (header.CryptMethod != 0)
        {
            string name = header.CryptMethod switch
            {
                1 => "AES encryption",
                2 => "LUKS encryption",
                uint other => string.Create(CultureInfo.InvariantCulture, $"encryption method {other}"),
            };
            throw Qcow2Errors.Unsupported(path, "crypt_method", Qcow2Header.CryptMethodOffset, name);
        }

        bool hasCompressionType = (header.IncompatibleFeatures & Qcow2Format.IncompatibleCompressionType) != 0;
        if (hasCompressionType || header.CompressionType != 0)
        {
            string name = header.CompressionType == 1
                ? "zstd compression"
                : string.Create(CultureInfo.InvariantCulture, $"compression type {header.CompressionType}");
            throw Qcow2Errors.Unsupported(path, "compression_type", Qcow2Header.CompressionTypeOffset, name);
        }
    }

    public static IReadOnlyList<DiskFinding> FindOddities(string path, Qcow2Header header)
    {
        var findings = new List<DiskFinding>();
        if ((header.IncompatibleFeatures & Qcow2Format.IncompatibleDirty) != 0)
        {
            findings.Add(Finding(
                path, "Qcow2Dirty", FindingSeverity.Warning, "The image was not closed properly (dirty bit).",
                "A clean image.", "Run 'qemu-img check -r all' on it, or convert it: its data can be read."));
        }

        if ((header.IncompatibleFeatures & Qcow2Format.IncompatibleCorrupt) != 0)
        {
            findings.Add(Finding(
                path, "Qcow2Corrupt", FindingSeverity.Warning, "The program that wrote the image marked it as corrupt.",
                "An image without damage.", "Run 'qemu-img check' on it, and check the content after converting it."));
        }

        if (header.SnapshotCount > 0)
        {
            findings.Add(Finding(
                path, "Qcow2Snapshots", FindingSeverity.Information,
                $"The image has {header.SnapshotCount} internal snapshots.",
                "Only the present state of the disk is read.", "Nothing needs to be done."));
        }

        bool areRefcountsPlausible = header.RefcountOrder <= 6
            && header.RefcountTableOffset > 0 && header.RefcountTableOffset % (1UL << (int)header.ClusterBits) == 0;
        if (!areRefcountsPlausible)
        {
            findings.Add(Finding(
                path, "Qcow2Refcounts", FindingSeverity.Warning,
                $"The reference counts are at offset 0x{header.RefcountTableOffset:X}, of order {header.RefcountOrder}.",
                "A whole number of clusters, and an order up to 6. Reading needs no reference counts.",
                "Run 'qemu-img check -r all' on the image, or convert it."));
        }

        return findings;
    }

    private static string NameOf(int bit, Qcow2Extensions extensions)
    {
        if (1UL << bit == Qcow2Format.IncompatibleExternalData)
        {
            return "an external data file";
        }

        string number = string.Create(CultureInfo.InvariantCulture, $"incompatible feature {bit}");
        return extensions.FeatureNames.TryGetValue(bit, out string? name) ? $"{number} ({name})" : number;
    }

    private static DiskFinding Finding(
        string path, string ruleId, FindingSeverity severity, string found, string expected, string remedy) => new()
    {
        RuleId = ruleId,
        Severity = severity,
        Path = path,
        Found = found,
        Expected = expected,
        Remedy = remedy,
    };
}
