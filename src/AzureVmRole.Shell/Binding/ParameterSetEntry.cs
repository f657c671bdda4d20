namespace AzureVmRole.Shell.Binding;

/// <summary>What a parameter is in one parameter set, or in all.</summary>
/// <param name="Sets">The bits of the sets; all bits for a parameter of every set.</param>
/// <param name="Position">The position among unnamed arguments; negative when it has none.</param>
/// <param name="IsMandatory">Whether the set needs it.</param>
/// <param name="FromPipeline">Whether whole objects bind.</param>
/// <param name="FromProperty">Whether properties of objects bind.</param>
/// <param name="FromRemaining">Whether it takes the arguments that are left.</param>
internal readonly record struct ParameterSetEntry(
    uint Sets, int Position, bool IsMandatory, bool FromPipeline, bool FromProperty, bool FromRemaining);
