# From a cloud image to a verdict: does Azure take it, and does it start there and report Ready?
#
#   without PowerShell:  dotnet run --project src/AzureVmRole.Shell -- docs/samples/prove-image.ps1
#   in PowerShell 7.6:   Import-Module ./AzureVmRole.psd1; ./docs/samples/prove-image.ps1
#
# It needs QEMU: the packages qemu-system-x86 and ovmf on Debian and Ubuntu. docs/prove-an-image.md goes through it with a cloud image of Debian or Ubuntu.

# A fixed VHD of the image. To use your own, change the path after -Path: a cloud image is a qcow2 file.
Convert-BaseVhd -Path "$PSScriptRoot/images/server.qcow2" -DestinationPath "$PSScriptRoot/out/cloud.vhd" -Force

# The rules first: they look at the file and its partitions, and take no time.
Test-VMImage -Path "$PSScriptRoot/out/cloud.vhd" | Format-Table

# Then the proof. The sample's image has partitions, but no operating system: the firmware finds nothing to start, and a few seconds later the verdict is NotReady and says so.
# A cloud image is Ready after one to three minutes. What it wrote to its console, and its last screen, are in docs/samples/out/seen then.
Test-VMImage -Path "$PSScriptRoot/out/cloud.vhd" -Boot -MemoryInMB 512 -OutputFolder "$PSScriptRoot/out/seen" | Format-List

# An image that is ready, where one was made: a kernel and an agent of a few lines that start in seconds (tests/AzureVmRole.TestKit/TinyGuest/make.sh; .ci/run makes it).
Get-ChildItem -Path "$PSScriptRoot/out" -Filter "tiny.raw" | Test-VMImage -Boot -MemoryInMB 256 | Format-List
