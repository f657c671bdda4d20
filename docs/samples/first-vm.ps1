# The first virtual machine: a fabric on this machine, an image, an instance with disks, a capture of it, and the clean-up.
#
#   without PowerShell:  dotnet run --project src/AzureVmRole.Shell -- docs/samples/first-vm.ps1
#   in PowerShell 7.6:   Import-Module ./AzureVmRole.psd1; ./docs/samples/first-vm.ps1
#
# Everything is in docs/samples/out/fabric. The fabric's hosts are simulated: instances, disks and images have all their rules and
# their VHDs, but no guest runs (the image is empty; see prove-image.ps1 for one that boots). In Azure it is Connect-Fabric -Azure with a subscription; the rest stays the same.

# Begin anew: what a run that was interrupted has left is stopped and removed.
Stop-LocalFabric -HomePath "$PSScriptRoot/out/fabric"
Get-ChildItem -Path "$PSScriptRoot/out" -Filter "fabric*" | Remove-Item -Recurse -Force

# Start the fabric, and connect this session to it.
Start-LocalFabric -HomePath "$PSScriptRoot/out/fabric" -HostKind Simulated | Format-Table
Connect-Fabric -HomePath "$PSScriptRoot/out/fabric" | Format-Table

# Upload a base disk to the store of the first location, and register it as an image: a master that is never changed.
Publish-BaseVhd -Path "$PSScriptRoot/images/server.qcow2" -Destination vhds/server.vhd -StorePath "$PSScriptRoot/out/fabric/store/local1" | Format-Table
Add-VMImage -ImageName server -MediaLocation vhds/server.vhd -OS Linux -Label "The first server" | Format-Table

# Make an instance. It gets a new VHD of its own, registered as a disk.
New-VMInstance -Name web1 -ImageName server -Size Standard_B2s -AdminUserName azureuser -SshPublicKey "ssh-ed25519 AAAAC3NzaC1lZDI1NTE5AAAAIE5vdEFSZWFsS2V5Tm90QVJlYWxLZXlOb3RBUmVhbEtl me" | Format-Table

# A data disk from a VHD in storage, a new empty one, and another caching of the OS disk: one change set, one request.
New-BaseVhd -Path "$PSScriptRoot/out/fabric-data.vhd" -SizeBytes 64MB -Fixed -Force | Out-Null
Publish-BaseVhd -Path "$PSScriptRoot/out/fabric-data.vhd" -Destination vhds/data.vhd -DataDisk -StorePath "$PSScriptRoot/out/fabric/store/local1" | Out-Null
Get-VMInstance -Name web1 | Set-OSDisk -HostCaching ReadOnly | Add-DataDisk -ImportFrom -MediaLocation vhds/data.vhd -LUN 0 | Add-DataDisk -CreateNew -DiskSizeInGB 1 -DiskLabel logs -LUN 1 | Update-VMInstance -WhatIf
Get-VMInstance -Name web1 | Set-OSDisk -HostCaching ReadOnly | Add-DataDisk -ImportFrom -MediaLocation vhds/data.vhd -LUN 0 | Add-DataDisk -CreateNew -DiskSizeInGB 1 -DiskLabel logs -LUN 1 | Update-VMInstance | Format-Table
Get-VMInstance -Name web1 | Get-DataDisk | Format-Table

# The classic pipeline again, on a running instance: a data disk with another caching.
Get-VMInstance -Name web1 | Set-DataDisk -LUN 0 -HostCaching ReadOnly | Update-VMInstance | Get-DataDisk | Format-Table

# Capture: only a stopped instance. The instance is gone then; its disks and both VHDs remain.
Stop-VMInstance -Name web1
Save-VMImage -Name web1 -ImageName web -OSState Generalized -Confirm:$false | Format-Table
Get-VMDisk | Format-Table

# A new instance from the captured image.
New-VMInstance -Name web2 -ImageName web -Size Standard_B2s -AdminUserName azureuser -SshPublicKey "ssh-ed25519 AAAAC3NzaC1lZDI1NTE5AAAAIE5vdEFSZWFsS2V5Tm90QVJlYWxLZXlOb3RBUmVhbEtl me" | Format-Table
Restart-VMInstance -Name web2 -PassThru | Format-Table

# Clean up: instances, then disks and images. Deleting a registration keeps the VHD; -DeleteVhd does not.
Get-VMInstance | Remove-VMInstance -Confirm:$false
Get-VMDisk | Remove-VMDisk -DeleteVhd -Confirm:$false
Remove-VMImage -ImageName web -Confirm:$false

# What is left, and why. The master is in use by its image; the captured VHD is an orphan, because nothing is registered on it any more.
Get-OrphanVhd -StorePath "$PSScriptRoot/out/fabric/store/local1" -MinimumAge 0 | Format-Table

# Stop the fabric. What it keeps is there again at the next start.
Disconnect-Fabric
Stop-LocalFabric -HomePath "$PSScriptRoot/out/fabric"
