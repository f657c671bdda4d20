BeforeAll {
    . $PSScriptRoot/Disks.ps1
    . $PSScriptRoot/Stores.ps1
    . $PSScriptRoot/Fabrics.ps1
    Start-TestFabric
    Add-Image server
    Add-Instance web1
    Add-Vhd vhds/a.vhd, vhds/b.vhd, vhds/c.vhd, vhds/d.vhd
    'a', 'b', 'c', 'd' | ForEach-Object { $null = Add-VMDisk $_ "vhds/$_.vhd" }
}

AfterAll { Remove-TestFabric }

Describe 'Remove-VMDisk' {
    Context 'WhatIf' {
        It 'changes nothing with -WhatIf, and asks without' {
            $before = Get-FabricState
            Get-VMDisk [a-d] | Remove-VMDisk -DeleteVhd -WhatIf
            Invoke-Fresh 'Remove-VMDisk a' -Before "`$ErrorActionPreference = 'Continue'" | Should -BeLike '*NonInteractive*'
            Get-FabricState | Should -Be $before
        }
    }

    Context 'Parameters' {
        It 'removes the registration, and keeps the VHD' {
            Remove-VMDisk a -Confirm:$false | Should -BeNullOrEmpty
            Get-VMDisk a* | Should -BeNullOrEmpty
            (Get-VhdBlob vhds/a.vhd).LeaseState | Should -Be 'Available'
        }

        It 'deletes the VHD with -DeleteVhd' {
            Remove-VMDisk -Name b -ResourceGroupName azvmrole -DeleteVhd -Confirm:$false
            Get-BlobName (Join-Path $env:AZUREVMROLE_HOME store/local1) | Should -Not -Contain 'vhds/b.vhd'
        }
    }

    Context 'Pipeline' {
        It 'takes disks' {
            Get-VMDisk [cd] | Remove-VMDisk -NoWait -Confirm:$false
            (Get-VMDisk [cd]).Where({ $_.ProvisioningState -ne 'Deleting' }) | Should -BeNullOrEmpty
        }
    }

    Context 'Errors' {
        It 'refuses a disk that is attached, and names the instance' {
            $disk = (Get-VMInstance web1).OSDisk.DiskName
            $failure = Get-Failure { Remove-VMDisk $disk -DeleteVhd -Confirm:$false }
            Assert-Failure $failure ResourceInUse ResourceBusy $disk
            $failure.Exception.Message | Should -BeLike "*'web1'*"
            (Get-VMDisk $disk).AttachedTo | Should -Be 'web1'
        }

        It 'says which one does not exist' {
            Assert-Failure (Get-Failure { Remove-VMDisk missing -Confirm:$false }) ResourceNotFound ObjectNotFound missing
        }

        It 'needs a fabric' {
            Assert-NeedsFabric { Remove-VMDisk a -Confirm:$false }
        }
    }

    Context 'Help' {
        It 'has examples' {
            Assert-Help Remove-VMDisk
        }
    }
}
