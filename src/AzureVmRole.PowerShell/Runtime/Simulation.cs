namespace AzureVmRole.PowerShell.Runtime;

/// <summary>Says of simulated instances what they are not.</summary>
internal static class Simulation
{
    /// <summary>Warns when no guest runs.</summary>
    public static void Warn(IOperationLog log, VMInstance instance)
    {
        if (instance.HostKind.Equals("Simulated", StringComparison.OrdinalIgnoreCase))
        {
            log.WriteWarning($"'{instance.Name}' is simulated: the fabric keeps its state and its disks, but no guest runs.");
        }
    }
}
