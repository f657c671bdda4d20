namespace AzureVmRole.Disks.Qcow2;

/// <summary>A run of the disk that its L2 table describes in one way.</summary>
/// <param name="Kind">How it is stored.</param>
/// <param name="Length">Its length in bytes.</param>
/// <param name="FileOffset">Where it is in the file; 0 unless <see cref="Qcow2RunKind.Data"/>.</param>
internal readonly record struct Qcow2Run(Qcow2RunKind Kind, long Length, long FileOffset);
