namespace AzureVmRole.Shell.Parsing;

/// <summary>
/// One part of a command after its name: a parameter, with an argument where a colon joins one, or an argument.
/// </summary>
/// <param name="ParameterName">The parameter without its hyphen; null for an argument.</param>
/// <param name="HasValue">Whether there is an argument.</param>
/// <param name="Value">The argument: a string, a number, a Boolean, null or an array of them.</param>
/// <param name="Position">Where it stands.</param>
internal sealed record CommandElement(string? ParameterName, bool HasValue, object? Value, SourcePosition Position);
