namespace AzureVmRole.Fabric.Guests.Beats;

/// <summary>Something that happened for the first time in a boot.</summary>
/// <param name="At">When.</param>
/// <param name="Boot">In which boot, from 1.</param>
/// <param name="What">What, in words.</param>
/// <param name="Agent">Who said so; null for the fabric itself or when it is not known.</param>
internal sealed record GuestStep(DateTimeOffset At, int Boot, string What, string? Agent);
