namespace AzureVmRole.Engine.Tests.Misuse;

/// <summary>One bad use: what is there, what is asked, and the error that must come of it.</summary>
/// <param name="Name">The test's name.</param>
/// <param name="Code">The error's code.</param>
/// <param name="Target">The file of the folder that the error is about.</param>
/// <param name="Told">What the message names besides: what was found, what was expected.</param>
/// <param name="PrepareAsync">Makes what is there.</param>
/// <param name="RunAsync">Asks for it.</param>
internal sealed record MisuseCase(
    string Name, ErrorCode Code, string Target, string[] Told, Func<DiskFolder, Task> PrepareAsync, Func<DiskFolder, Task> RunAsync);
