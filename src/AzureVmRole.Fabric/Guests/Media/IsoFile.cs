namespace AzureVmRole.Fabric.Guests.Media;

/// <summary>A file in the root of an image.</summary>
/// <param name="Name">Its name: 1 to 64 characters of the first plane of Unicode.</param>
/// <param name="Content">Its content.</param>
internal sealed record IsoFile(string Name, ReadOnlyMemory<byte> Content);
