@{
    ModuleVersion          = '0.1.0'
    GUID                   = '4a3de27b-85bb-433f-87df-18b4d5c590f8'
    Author                 = 'The AzureVmRole project'
    CompanyName            = 'The AzureVmRole project'
    Copyright              = 'The AzureVmRole project. MIT licence.'
    Description            = 'Makes, converts, merges, resizes, repairs and tests virtual disks for Azure on any operating system, without Hyper-V; uploads, downloads and copies them, finds those that nobody needs, and manages images, disks and virtual machines in Azure and on a local fabric.'
    PowerShellVersion      = '7.6'
    CompatiblePSEditions   = @('Core')

    # The loader comes first: the cmdlets find their engine, in a load context of its own, through it.
    NestedModules          = @('bin/AzureVmRole.Loader.dll', 'bin/AzureVmRole.PowerShell.dll')
    FormatsToProcess       = @('bin/AzureVmRole.format.ps1xml')

    CmdletsToExport        = @(
        'Add-DataDisk'
        'Add-VMDisk'
        'Add-VMImage'
        'Connect-Fabric'
        'Convert-BaseVhd'
        'Copy-BaseVhd'
        'Disconnect-Fabric'
        'Get-BaseVhd'
        'Get-DataDisk'
        'Get-FabricConnection'
        'Get-LocalFabric'
        'Get-OSDisk'
        'Get-OrphanVhd'
        'Get-VMDisk'
        'Get-VMImage'
        'Get-VMInstance'
        'Get-VhdBlob'
        'Merge-DifferencingVhd'
        'New-BaseVhd'
        'New-DifferencingVhd'
        'New-VMInstance'
        'Optimize-BaseVhd'
        'Publish-BaseVhd'
        'Remove-DataDisk'
        'Remove-OrphanVhd'
        'Remove-VMDisk'
        'Remove-VMImage'
        'Remove-VMInstance'
        'Remove-VhdBlob'
        'Repair-BaseVhd'
        'Resize-BaseVhd'
        'Restart-VMInstance'
        'Save-BaseVhd'
        'Save-VMImage'
        'Set-DataDisk'
        'Set-DifferencingVhd'
        'Set-OSDisk'
        'Start-LocalFabric'
        'Start-VMInstance'
        'Stop-LocalFabric'
        'Stop-VMInstance'
        'Test-BaseVhd'
        'Test-VMImage'
        'Update-VMInstance'
    )
    FunctionsToExport      = @()
    AliasesToExport        = @()
    VariablesToExport      = @()

    PrivateData            = @{
        PSData = @{
            Tags = @('Azure', 'VHD', 'VHDX', 'qcow2', 'VirtualDisk', 'Image', 'Storage', 'PageBlob', 'Upload', 'Linux', 'Windows', 'macOS', 'PSEdition_Core')
        }
    }
}
