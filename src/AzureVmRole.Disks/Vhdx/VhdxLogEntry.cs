namespace AzureVmRole.Disks.Vhdx;

/// <summary>A valid entry of the log.</summary>
/// <param name="Sector">Where it starts, in sectors from the start of the log.</param>
/// <param name="Header">Its header.</param>
internal sealed record VhdxLogEntry(int Sector, VhdxLogEntryHeader Header);
