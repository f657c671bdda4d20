namespace AzureVmRole.Disks.Tests.Merging;

/// <summary>What <see cref="StoppingProgress"/> stops an operation with.</summary>
#pragma warning disable RS0030 // No error of the engine: nothing in it may expect this.
internal sealed class StoppedException() : Exception("Stopped by the test.");
#pragma warning restore RS0030
