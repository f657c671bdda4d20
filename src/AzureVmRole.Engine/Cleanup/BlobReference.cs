namespace AzureVmRole.Engine.Cleanup;

/// <summary>A reference to a blob.</summary>
/// <param name="Code">What kind of reference it is.</param>
/// <param name="Text">Who refers to the blob, in a sentence without secrets.</param>
/// <param name="Holder">The same as a short name: <c>virtual machine 'web01'</c>.</param>
public sealed record BlobReference(RetentionCode Code, string Text, string Holder);
