BeforeAll {
    . $PSScriptRoot/Disks.ps1
    . $PSScriptRoot/Stores.ps1
    . $PSScriptRoot/Fabrics.ps1
    Start-TestFabric
    Add-Image server
    Add-Instance web1
    Add-Vhd vhds/data.vhd, vhds/more.vhd
}

AfterAll { Remove-TestFabric }

Describe 'Update-VMInstance' {
    Context 'Parameters' {
        It 'shows the difference with -WhatIf, and changes nothing' {
            $before = Get-FabricState
            $text = Invoke-Fresh 'Get-VMInstance web1 | Set-OSDisk -HostCaching ReadOnly | Add-DataDisk -ImportFrom -MediaLocation vhds/data.vhd -LUN 0 | Update-VMInstance -WhatIf'
            $text | Should -Match "~ OS disk: caching ReadOnly; \+ data disk LUN 0: 'web1-data0' from 'vhds/data.vhd', caching None"
            Get-FabricState | Should -Be $before
        }

        It 'makes all changes of the classic pipeline in one request' {
            $before = (Get-AuditLine).Count
            $updated = Get-VMInstance web1 | Set-OSDisk -HostCaching ReadOnly | Add-DataDisk -ImportFrom -MediaLocation vhds/data.vhd -LUN 0 | Update-VMInstance
            Get-Change $before | Should -Be 'PUT virtualMachines/web1'
            $updated | Should -BeOfType ([AzureVmRole.VMInstance])
            $updated.PendingChanges | Should -BeNullOrEmpty
            $updated.OSDisk.HostCaching | Should -Be 'ReadOnly'
            $updated.DataDisks.Lun | Should -Be 0
            $updated.DataDisks.DiskName | Should -Be 'web1-data0'
            $updated.DataDisks.MediaLink | Should -BeLike 'file:///*/vhds/data.vhd'
            (Get-VMDisk web1-data0).AttachedTo | Should -Be 'web1'
        }

        It 'asks for nothing when nothing is pending' {
            $before = (Get-AuditLine).Count
            (Get-VMInstance web1 | Update-VMInstance).Name | Should -Be 'web1'
            Get-Change $before | Should -BeNullOrEmpty
        }

        It 'takes one disk off and puts another one on, in one request' {
            $before = (Get-AuditLine).Count
            $instance = Get-VMInstance web1 | Remove-DataDisk -LUN 0 | Add-DataDisk -CreateNew 1 -DiskLabel logs | Set-DataDisk -LUN 1 -HostCaching ReadOnly
            $updated = Update-VMInstance -VM $instance
            Get-Change $before | Should -Be 'PUT virtualMachines/web1'
            $updated.DataDisks.DiskName | Should -Be 'web1-logs'
            $updated.DataDisks.Lun | Should -Be 1
            $updated.DataDisks.HostCaching | Should -Be 'ReadOnly'
            (Get-VMDisk web1-data0).DiskState | Should -Be 'Unattached'
        }

        It 'returns at once with -NoWait' {
            Set-Behaviour web1 'latency=00:00:01'
            Restart-VMInstance web1
            (Get-VMInstance web1 | Set-OSDisk -HostCaching None | Update-VMInstance -NoWait).ProvisioningState | Should -Be 'Updating'
            Set-Behaviour web1 ''
            Restart-VMInstance web1
            (Get-VMInstance web1).OSDisk.HostCaching | Should -Be 'None'
        }
    }

    Context 'Two change sets' {
        It 'puts the second one on what the first has left' {
            $first = Get-VMInstance web1 | Add-DataDisk -CreateNew 1 -LUN 5
            $second = Get-VMInstance web1 | Add-DataDisk -CreateNew 1 -LUN 6
            $null = $first | Update-VMInstance
            ($second | Update-VMInstance).DataDisks.Lun | Should -Be 1, 5, 6
        }

        It 'refuses the second one at the same LUN, and leaves the first' {
            $first = Get-VMInstance web1 | Add-DataDisk -Import web1-data0 -LUN 3
            $second = Get-VMInstance web1 | Add-DataDisk -ImportFrom vhds/more.vhd -DiskName other -LUN 3
            $null = $first | Update-VMInstance
            Assert-Failure (Get-Failure { $second | Update-VMInstance }) ResourceChanged InvalidOperation web1
            (Get-VMInstance web1).DataDisks.DiskName | Should -Contain 'web1-data0'
            Get-VMDisk othe* | Should -BeNullOrEmpty
        }

        It 'does not set the caching of a disk that took the place of the one that was meant' {
            $late = Get-VMInstance web1 | Set-DataDisk -LUN 3 -HostCaching ReadWrite
            $null = Get-VMInstance web1 | Remove-DataDisk -LUN 3 | Update-VMInstance
            $null = Get-VMInstance web1 | Add-DataDisk -CreateNew 1 -LUN 3 -DiskName stranger | Update-VMInstance
            Assert-Failure (Get-Failure { $late | Update-VMInstance }) ResourceChanged InvalidOperation web1
            (Get-VMInstance web1).DataDisks.Where({ $_.Lun -eq 3 }).HostCaching | Should -Be 'None'
            $null = Get-VMInstance web1 | Remove-DataDisk -LUN 5 | Remove-DataDisk -LUN 6 | Remove-DataDisk -LUN 3 | Update-VMInstance
        }
    }

    Context 'Errors' {
        It 'refuses more disks than the size takes, and attaches none' {
            $instance = Get-VMInstance web1
            1..4 | ForEach-Object { $null = $instance | Add-DataDisk -CreateNew 1 -DiskLabel "extra$_" }
            $failure = Get-Failure { $instance | Update-VMInstance }
            Assert-Failure $failure OperationNotAllowed InvalidOperation web1
            $failure.Exception.Message | Should -BeLike '*allowed*4*Standard_B2s*'
            (Get-VMInstance web1).DataDisks.Count | Should -Be 1
            Get-VMDisk web1-extra* | Should -BeNullOrEmpty
        }

        It 'says which disk or VHD does not exist' {
            Assert-Failure (Get-Failure { Get-VMInstance web1 | Add-DataDisk -Import missing | Update-VMInstance }) ResourceNotFound ObjectNotFound missing
            $failure = Get-Failure { Get-VMInstance web1 | Add-DataDisk -ImportFrom vhds/missing.vhd | Update-VMInstance }
            Assert-Failure $failure RequestInvalid InvalidArgument web1
            $failure.Exception.Message | Should -BeLike '*vhds/missing.vhd*'
        }

        It 'refuses a disk and a VHD that another instance has' {
            Add-Instance web2
            $null = Get-VMInstance web2 | Add-DataDisk -Import web1-data0 | Update-VMInstance
            Assert-Failure (Get-Failure { Get-VMInstance web1 | Add-DataDisk -Import web1-data0 | Update-VMInstance }) ResourceInUse ResourceBusy web1
            Assert-Failure (Get-Failure { Get-VMInstance web1 | Add-DataDisk -ImportFrom vhds/data.vhd -DiskName twice | Update-VMInstance }) ResourceInUse ResourceBusy web1
        }

        It 'says that the instance is gone' {
            $gone = Get-VMInstance web2 | Set-OSDisk ReadOnly
            Remove-VMInstance web2 -Confirm:$false
            Assert-Failure (Get-Failure { $gone | Update-VMInstance }) ResourceNotFound ObjectNotFound web2
        }

        It 'needs a fabric' {
            $instance = Get-VMInstance web1 | Set-OSDisk ReadWrite
            Assert-NeedsFabric { $instance | Update-VMInstance }
        }
    }

    Context 'Help' {
        It 'has examples' {
            Assert-Help Update-VMInstance
        }
    }
}
