namespace AzureVmRole.Benchmarks;

/// <summary>One conversion, for the engine and for its peers.</summary>
/// <param name="Name">What becomes what.</param>
/// <param name="Source">The source image.</param>
/// <param name="Type">The type of the target VHD.</param>
/// <param name="PeerArguments">The arguments of qemu-img convert before the file names, one list for each set of flags worth trying.</param>
/// <param name="CopySource">The file whose plain copy is the limit.</param>
internal sealed record ConversionCase(
    string Name, string Source, VhdType Type, IReadOnlyList<string[]> PeerArguments, string CopySource);
