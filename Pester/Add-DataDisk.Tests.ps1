BeforeAll {
    . $PSScriptRoot/Disks.ps1
    . $PSScriptRoot/Stores.ps1
    . $PSScriptRoot/Fabrics.ps1
    Start-TestFabric
    Add-Image server
    Add-Instance web1 -Size Standard_D8s_v5
    Add-Vhd vhds/a.vhd, vhds/b.vhd
    $null = Add-VMDisk old vhds/b.vhd
}

AfterAll { Remove-TestFabric }

Describe 'Add-DataDisk' {
    Context 'Parameters' {
        It 'notes a new disk at the lowest free LUN' {
            $instance = Get-VMInstance web1 | Add-DataDisk -CreateNew 8 | Add-DataDisk -CreateNew -DiskSizeInGB 16 -DiskLabel logs -HostCaching ReadWrite
            $instance | Should -BeOfType ([AzureVmRole.VMInstance])
            $instance.DataDisks.Lun | Should -Be 0, 1
            $instance.DataDisks.DiskName | Should -Be 'web1-data0', 'web1-logs'
            $instance.DataDisks.SizeInGB | Should -Be 8, 16
            $instance.DataDisks.HostCaching | Should -Be 'None', 'ReadWrite'
            "$($instance.PendingChanges[0])" | Should -Be "+ data disk LUN 0: 'web1-data0', new, 8 GiB, caching None"
            (Get-VMInstance web1).DataDisks | Should -BeNullOrEmpty
        }

        It 'attaches new disks, an existing one, and a VHD while the instance runs' {
            $updated = Get-VMInstance web1 | Add-DataDisk -CreateNew 1 -DiskName fresh | Add-DataDisk -Import old -LUN 63 -HostCaching ReadOnly |
                Add-DataDisk -ImportFrom vhds/a.vhd -LUN 7 -DiskLabel shared | Update-VMInstance
            $updated.Status | Should -Be 'Running'
            $updated.DataDisks.Lun | Should -Be 0, 7, 63
            $updated.DataDisks.DiskName | Should -Be 'fresh', 'web1-shared', 'old'
            $updated.DataDisks.HostCaching | Should -Be 'None', 'None', 'ReadOnly'
            (Get-VMDisk web1-shared).MediaLink | Should -Be (Get-VhdBlob vhds/a.vhd).Uri
        }

        It 'completes disks and blobs' {
            Get-Completion 'Get-VMInstance web1 | Add-DataDisk -Import ol' | Should -Be 'old'
            Get-Completion 'Get-VMInstance web1 | Add-DataDisk -ImportFrom vhds/a' | Should -Contain 'vhds/a.vhd'
        }
    }

    Context 'WhatIf' {
        It 'notes nothing with -WhatIf' {
            $instance = Get-VMInstance web1 | Add-DataDisk -CreateNew 1 -WhatIf
            $instance.PendingChanges | Should -BeNullOrEmpty
            $instance.DataDisks.Count | Should -Be 3
        }
    }

    Context 'Errors' {
        It 'refuses a LUN that is taken, with a free one' {
            $failure = Get-Failure { Get-VMInstance web1 | Add-DataDisk -CreateNew 1 -LUN 7 }
            Assert-Failure $failure RequestInvalid InvalidArgument web1
            $failure.Exception.Message | Should -BeLike "LUN 7 of 'web1' is taken by 'web1-shared'*"
            $failure.ErrorDetails.RecommendedAction | Should -BeLike '*1 is free*'
        }

        It 'refuses a LUN that Remove-DataDisk frees in the same change set' {
            $failure = Get-Failure { Get-VMInstance web1 | Remove-DataDisk -LUN 0 | Add-DataDisk -CreateNew 1 -LUN 0 | Update-VMInstance }
            Assert-Failure $failure RequestInvalid InvalidArgument web1
            $failure.ErrorDetails.RecommendedAction | Should -BeLike '*Update-VMInstance*'
            (Get-VMInstance web1 | Remove-DataDisk -LUN 0 | Add-DataDisk -CreateNew 1).DataDisks.Lun | Should -Be 1, 7, 63
        }

        It 'refuses <Parameter> <Value>' -ForEach @(
            @{ Parameter = 'LUN'; Value = 64 }, @{ Parameter = 'LUN'; Value = -1 }, @{ Parameter = 'DiskSizeInGB'; Value = 0 }
            @{ Parameter = 'DiskSizeInGB'; Value = 32768 }, @{ Parameter = 'DiskLabel'; Value = 'a b' }
        ) {
            $arguments = @{ CreateNew = $true; DiskSizeInGB = 1 }
            $arguments[$Parameter] = $Value
            { Get-VMInstance web1 | Add-DataDisk @arguments } | Should -Throw -ErrorId 'ParameterArgumentValidationError,*'
        }

        It 'refuses two kinds at once' {
            { Get-VMInstance web1 | Add-DataDisk -CreateNew -Import old } | Should -Throw -ErrorId 'AmbiguousParameterSet,*'
        }

        It 'says that all LUNs are taken' {
            $instance = Get-VMInstance web1
            1..61 | ForEach-Object { $null = $instance | Add-DataDisk -CreateNew 1 }
            $instance.DataDisks.Count | Should -Be 64
            Assert-Failure (Get-Failure { $instance | Add-DataDisk -CreateNew 1 }) RequestInvalid InvalidArgument web1
        }
    }

    Context 'Help' {
        It 'has examples' {
            Assert-Help Add-DataDisk
        }
    }
}
