namespace AzureVmRole.Fabric.VirtualMachines;

/// <summary>What a plan has to know of a disk.</summary>
/// <param name="Condition">Whether it can be attached.</param>
/// <param name="Message">Why it could not be made; null otherwise.</param>
internal sealed record VmDiskFact(VmDiskCondition Condition, string? Message = null)
{
    /// <summary>A disk that does not exist.</summary>
    public static readonly VmDiskFact Missing = new(VmDiskCondition.Missing);
}
