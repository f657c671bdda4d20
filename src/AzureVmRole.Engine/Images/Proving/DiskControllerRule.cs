namespace AzureVmRole.Engine.Images.Proving;

/// <summary>Which controllers an image can start from.</summary>
public static class DiskControllerRule
{
    /// <summary>Refuses NVMe for what is not of generation 2: a BIOS does not start from it, and Azure does not offer it.</summary>
    /// <param name="path">The image.</param>
    /// <param name="generation">Its generation; Unknown starts as Gen1.</param>
    /// <param name="controller">What is asked for.</param>
    /// <exception cref="FabricException">RequestInvalid: NVMe for another generation than 2.</exception>
    public static void Require(string path, DiskGeneration generation, DiskControllerType controller)
    {
        if (controller == DiskControllerType.NVMe && generation != DiskGeneration.Gen2)
        {
            throw new FabricException(
                ErrorCode.RequestInvalid, path,
                $"'{path}' cannot be tested with NVMe as the controller of its OS disk: it is tested for generation 1 (BIOS), which does not start from NVMe; expected generation 2 (UEFI).",
                "Leave -DiskControllerType out for a disk of generation 1. Give -Generation Gen2 if it is one of generation 2 whose partitions do not tell.");
        }
    }
}
