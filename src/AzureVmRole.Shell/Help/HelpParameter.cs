namespace AzureVmRole.Shell.Help;

/// <summary>A parameter on a help page.</summary>
internal sealed record HelpParameter(
    string Name,
    string TypeName,
    string Description,
    string Required,
    string Position,
    string DefaultValue,
    string PipelineInput,
    string Wildcards);
