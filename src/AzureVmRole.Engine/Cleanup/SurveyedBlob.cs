using AzureVmRole.Engine.Storage;

namespace AzureVmRole.Engine.Cleanup;

/// <summary>An entry of a listing.</summary>
/// <param name="Blob">The blob, or one of its snapshots.</param>
/// <param name="SnapshotCount">How many snapshots the blob has; zero for a snapshot.</param>
internal readonly record struct SurveyedBlob(BlobProperties Blob, int SnapshotCount);
