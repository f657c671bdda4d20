namespace AzureVmRole.PowerShell.Tests.Commands;

/// <summary>How one parameter binds in one parameter set; a null set means all of them.</summary>
internal sealed record ParameterBinding(
    string Name, string? Set, int Position, bool Mandatory, bool FromPipeline, bool FromPipelineByName);
