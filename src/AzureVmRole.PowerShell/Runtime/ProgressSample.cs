namespace AzureVmRole.PowerShell.Runtime;

/// <summary>What a progress bar shows at one moment.</summary>
/// <param name="Activity">What is being done.</param>
/// <param name="Status">How much of how much, and how fast.</param>
/// <param name="PercentComplete">0 to 100.</param>
/// <param name="SecondsRemaining">The time left, or -1 while nothing is known.</param>
internal readonly record struct ProgressSample(string Activity, string Status, int PercentComplete, int SecondsRemaining);
