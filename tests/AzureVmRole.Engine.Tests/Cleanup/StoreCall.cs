using AzureVmRole.Engine.Storage;

namespace AzureVmRole.Engine.Tests.Cleanup;

/// <summary>A call that an operation is about to make of a store.</summary>
/// <param name="Number">Which one it is, from 0.</param>
/// <param name="Method">The method; <c>Next</c> for the next entry of a listing.</param>
/// <param name="Blob">The blob that it is about; null for none.</param>
internal readonly record struct StoreCall(int Number, string Method, BlobName? Blob)
{
    /// <summary>Whether the call begins to list the whole store.</summary>
    public bool IsSurvey => Method == nameof(IBlobStore.ListAsync) && Blob is null;
}
