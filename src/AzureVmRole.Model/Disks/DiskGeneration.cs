namespace AzureVmRole;

/// <summary>The generation of virtual machine that can boot a disk.</summary>
public enum DiskGeneration
{
    /// <summary>The disk has no system partition that tells.</summary>
    Unknown = 0,

    /// <summary>Generation 1: BIOS, MBR (Azure's V1).</summary>
    Gen1 = 1,

    /// <summary>Generation 2: UEFI, GPT with an EFI system partition (Azure's V2).</summary>
    Gen2 = 2,
}
