namespace System.Management.Automation;

/// <summary>A path taken apart.</summary>
/// <param name="Provider">Who reads it.</param>
/// <param name="Drive">The drive it names; null when it names none.</param>
/// <param name="Start">The absolute folder that <paramref name="Rest"/> is relative to, unless that is absolute.</param>
/// <param name="Rest">The path after drive or provider.</param>
internal readonly record struct PathParts(ProviderInfo Provider, PSDriveInfo? Drive, string Start, string Rest);
