BeforeAll {
    . $PSScriptRoot/Disks.ps1
    . $PSScriptRoot/Stores.ps1
    . $PSScriptRoot/Fabrics.ps1
    Start-TestFabric
    Add-Image server
    Add-Instance web1, web2
    $null = Get-VMInstance web1 | Add-DataDisk -CreateNew 1 -LUN 3 | Add-DataDisk -CreateNew 1 -LUN 4 | Update-VMInstance
}

AfterAll { Remove-TestFabric }

Describe 'Remove-DataDisk' {
    It 'detaches a disk from the running instance; the disk remains' {
        $instance = Get-VMInstance web1 | Remove-DataDisk -LUN 3
        "$($instance.PendingChanges)" | Should -Be "- data disk LUN 3: 'web1-data3' is detached"
        ($instance | Update-VMInstance).DataDisks.Lun | Should -Be 4
        (Get-VMDisk web1-data3).DiskState | Should -Be 'Unattached'
    }

    It 'lets the disk be attached elsewhere' {
        (Get-VMInstance web2 | Add-DataDisk -Import web1-data3 | Update-VMInstance).DataDisks.DiskName | Should -Be 'web1-data3'
        (Get-VMDisk web1-data3).AttachedTo | Should -Be 'web2'
    }

    It 'notes nothing with -WhatIf' {
        (Get-VMInstance web1 | Remove-DataDisk 4 -WhatIf).DataDisks.Lun | Should -Be 4
    }

    It 'takes back what was added and not yet asked for' {
        $updated = Get-VMInstance web1 | Add-DataDisk -CreateNew 1 -LUN 9 | Remove-DataDisk 9 | Add-DataDisk -CreateNew 1 -LUN 9 -DiskName second | Update-VMInstance
        $updated.DataDisks.DiskName | Should -Be 'web1-data4', 'second'
    }

    It 'says which LUNs there are' {
        $failure = Get-Failure { Get-VMInstance web1 | Remove-DataDisk -LUN 5 | Update-VMInstance }
        Assert-Failure $failure RequestInvalid InvalidArgument web1
        $failure.Exception.Message | Should -BeLike '*it has LUN 4, 9*'
    }

    It 'refuses LUN 64' {
        { Get-VMInstance web1 | Remove-DataDisk 64 } | Should -Throw -ErrorId 'ParameterArgumentValidationError,*'
    }

    It 'has help with examples' {
        Assert-Help Remove-DataDisk
    }
}
