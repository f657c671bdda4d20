# From any disk image to one that Azure takes: a base disk, an update on top of it, and one merged disk.
#
#   without PowerShell:  dotnet run --project src/AzureVmRole.Shell -- docs/samples/base-image.ps1
#   in PowerShell 7.6:   Import-Module ./AzureVmRole.psd1; ./docs/samples/base-image.ps1
#
# What it makes is in docs/samples/out. It can be run again: -Force replaces what the last run made.

# The base disk. To use your own image, change the path after -Path: VHD, VHDX, qcow2 or raw.
# The result is a fixed VHD whose size is a whole number of MiB, as Azure wants it.
Convert-BaseVhd -Path "$PSScriptRoot/images/server.qcow2" -DestinationPath "$PSScriptRoot/out/base.vhd" -Force

# What it is: format, type, sizes, and the generation of virtual machine that boots it. Then its partitions.
Get-BaseVhd -Path "$PSScriptRoot/out/base.vhd" | Format-Table
Get-BaseVhd -Path "$PSScriptRoot/out/base.vhd" | Select-Object -ExpandProperty Partitions | Format-Table

# A differencing disk takes the changes and leaves the base as it is. It knows its base by identity, and is empty until
# something writes to it.
New-DifferencingVhd -Path "$PSScriptRoot/out/update.vhd" -ParentPath "$PSScriptRoot/out/base.vhd" -Force | Format-Table

# Base and difference together are the server's disk. Merged into a new file, they are one fixed VHD again; both stay as they
# are. A merge asks before it starts, because merging into the base cannot be taken back: -Confirm:$false does not ask.
Merge-DifferencingVhd -Path "$PSScriptRoot/out/update.vhd" -DestinationPath "$PSScriptRoot/out/server.vhd" -Force -Confirm:$false

# Would Azure take it? Every finding at once, before any upload.
Test-BaseVhd -Path "$PSScriptRoot/out/server.vhd" | Format-List
