using System.IO.Hashing;

namespace AzureVmRole.Hashing;

/// <summary>Names a type of the assembly in code: without that the build would not carry the file along.</summary>
public static class HashingAssembly
{
    /// <summary>The checksum that Azure.Storage.Common takes from the assembly.</summary>
    public static Type ChecksumType => typeof(Crc64);
}
