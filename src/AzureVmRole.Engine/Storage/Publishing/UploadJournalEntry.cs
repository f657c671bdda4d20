namespace AzureVmRole.Engine.Storage.Publishing;

/// <summary>What is known on this machine about an upload.</summary>
/// <param name="Target">The blob's address, without a signature.</param>
/// <param name="UploadId">The id of the attempt, as the blob's metadata has it.</param>
/// <param name="LeaseId">The lease that it holds.</param>
internal sealed record UploadJournalEntry(string Target, string UploadId, string LeaseId);
