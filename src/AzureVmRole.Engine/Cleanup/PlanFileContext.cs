using System.Text.Json.Serialization;

namespace AzureVmRole.Engine.Cleanup;

/// <summary>How a plan is written and read: a field that is missing, unknown, null or of the wrong kind is an error.</summary>
[JsonSourceGenerationOptions(
    WriteIndented = true,
    PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase,
    UseStringEnumConverter = true,
    RespectNullableAnnotations = true,
    UnmappedMemberHandling = JsonUnmappedMemberHandling.Disallow,
    AllowDuplicateProperties = false)]
[JsonSerializable(typeof(PlanFile))]
internal sealed partial class PlanFileContext : JsonSerializerContext;
