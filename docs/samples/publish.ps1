# Disks in storage: upload a base, upload an update of it by its difference alone, see what nobody needs, and delete that.
#
#   without PowerShell:  dotnet run --project src/AzureVmRole.Shell -- docs/samples/publish.ps1
#   in PowerShell 7.6:   Import-Module ./AzureVmRole.psd1; ./docs/samples/publish.ps1
#
# The store is a folder here, docs/samples/out/store, so no account is needed. For Azure leave -StorePath out and give whole
# addresses, such as -Destination https://ACCOUNT.blob.core.windows.net/vhds/base.vhd: everything else stays the same.

# Begin with an empty store. It can be run again without this line, too: -Overwrite replaces what the last run made.
Get-ChildItem -Path "$PSScriptRoot/out" -Filter "store*" | Remove-Item -Recurse -Force

# A base disk, and a difference on it that will hold an update.
Convert-BaseVhd -Path "$PSScriptRoot/images/server.qcow2" -DestinationPath "$PSScriptRoot/out/base.vhd" -Force
New-DifferencingVhd -Path "$PSScriptRoot/out/update.vhd" -ParentPath "$PSScriptRoot/out/base.vhd" -Force | Format-Table

# Upload the base. Only data travels: of 256 MiB a fraction. A disk that Azure would refuse is refused here, before the first byte.
Publish-BaseVhd -Path "$PSScriptRoot/out/base.vhd" -Destination vhds/base.vhd -StorePath "$PSScriptRoot/out/store" -Overwrite

# The update is a whole disk in storage, but the store copies the base by itself, and only the difference is sent.
Publish-BaseVhd -Path "$PSScriptRoot/out/update.vhd" -Destination vhds/server.vhd -BaseImageUri vhds/base.vhd -StorePath "$PSScriptRoot/out/store" -Overwrite

# Any readable format goes up as it is, without a conversion first: here a dynamic data disk. Nobody will need this one.
New-BaseVhd -Path "$PSScriptRoot/out/data.vhdx" -SizeBytes 64MB -Dynamic -Force | Out-Null
Publish-BaseVhd -Path "$PSScriptRoot/out/data.vhdx" -Destination vhds/forgotten.vhd -DataDisk -StorePath "$PSScriptRoot/out/store" -Overwrite

# What is in the store.
Get-VhdBlob -StorePath "$PSScriptRoot/out/store" | Format-Table

# Why each disk is kept, or why it is an orphan. in-use.txt names server.vhd; base.vhd is kept because server.vhd was made from
# it. -MinimumAge 0 because the disks are new: leave it out, and only what was left alone for a week can be an orphan.
# The orphans go to a plan, a text file that can be looked at, and cut down, before anything is deleted.
Get-OrphanVhd -StorePath "$PSScriptRoot/out/store" -MinimumAge 0 -ReferencePath "$PSScriptRoot/in-use.txt" -PricePerGiB 0.05 -PlanPath "$PSScriptRoot/out/orphans.json" -Overwrite | Format-Table

# What would be deleted. One of three disks is more than the 20 percent that one run may delete unless it is told otherwise.
Remove-OrphanVhd -PlanPath "$PSScriptRoot/out/orphans.json" -StorePath "$PSScriptRoot/out/store" -MinimumAge 0 -ReferencePath "$PSScriptRoot/in-use.txt" -MaximumPercent 50 -WhatIf

# Delete it. Each blob is looked at again first. -Confirm:$false does not ask.
Remove-OrphanVhd -PlanPath "$PSScriptRoot/out/orphans.json" -StorePath "$PSScriptRoot/out/store" -MinimumAge 0 -ReferencePath "$PSScriptRoot/in-use.txt" -MaximumPercent 50 -LogPath "$PSScriptRoot/out/removed.log" -Confirm:$false

# A disk comes back as a file: here as a dynamic VHDX, which holds only blocks with data.
Save-BaseVhd -Source vhds/server.vhd -DestinationPath "$PSScriptRoot/out/server.vhdx" -VHDType Dynamic -StorePath "$PSScriptRoot/out/store" -Overwrite | Format-Table
