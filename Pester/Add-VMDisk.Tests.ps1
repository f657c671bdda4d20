BeforeAll {
    . $PSScriptRoot/Disks.ps1
    . $PSScriptRoot/Stores.ps1
    . $PSScriptRoot/Fabrics.ps1
    Start-TestFabric
    Add-Vhd vhds/a.vhd, vhds/b.vhd, vhds/c.vhd
}

AfterAll { Remove-TestFabric }

Describe 'Add-VMDisk' {
    Context 'WhatIf' {
        It 'changes nothing with -WhatIf' {
            $before = Get-FabricState
            Add-VMDisk a vhds/a.vhd -WhatIf
            Get-FabricState | Should -Be $before
        }
    }

    Context 'Parameters' {
        It 'registers a VHD as it is' {
            $disk = Add-VMDisk a vhds/a.vhd
            $disk | Should -BeOfType ([AzureVmRole.VMDisk])
            $disk.MediaLink | Should -Be (Get-VhdBlob vhds/a.vhd).Uri
            $disk.OS | Should -BeNullOrEmpty
            $disk.AttachedTo | Should -BeNullOrEmpty
            $disk.DiskState, $disk.ProvisioningState, $disk.Location | Should -Be 'Unattached', 'Succeeded', 'local1'
            $disk.DiskSizeInGB | Should -Be 1
        }

        It 'takes every parameter' {
            $null = Invoke-Fabric PUT '../../../other' @{ location = 'local1' }
            Add-Vhd vhds/far.vhd -Location local2
            $disk = Add-VMDisk -Name far -MediaLocation "file://$env:AZUREVMROLE_HOME/store/local2/vhds/far.vhd" -OS Windows -Label 'Text' -ResourceGroupName other -Location local2
            $disk.OS, $disk.Label, $disk.ResourceGroupName, $disk.Location | Should -Be 'Windows', 'Text', 'other', 'local2'
        }

        It 'takes VHDs from the pipeline' {
            (Get-VhdBlob vhds/b.vhd | Add-VMDisk b).DiskName | Should -Be 'b'
        }
    }

    Context 'Errors' {
        It 'refuses a name that is taken' {
            Assert-Failure (Get-Failure { Add-VMDisk a vhds/c.vhd }) ResourceConflict ResourceExists a
        }

        It 'refuses a VHD that does not exist' {
            Assert-Failure (Get-Failure { Add-VMDisk new vhds/missing.vhd }) RequestInvalid InvalidArgument new
        }

        It 'refuses a VHD that somebody holds' {
            $null = Add-VMImage c vhds/c.vhd Linux
            Add-VMDisk copy vhds/c.vhd -ErrorAction SilentlyContinue -ErrorVariable failure | ForEach-Object MediaLink | Should -Not -Be (Get-VMImage c).MediaLink
        }

        It 'needs a fabric' {
            Assert-NeedsFabric { Add-VMDisk new vhds/c.vhd }
        }
    }

    Context 'Help' {
        It 'has examples' {
            Assert-Help Add-VMDisk
        }
    }
}
