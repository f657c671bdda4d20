BeforeAll {
    . $PSScriptRoot/Disks.ps1
    . $PSScriptRoot/Stores.ps1
    . $PSScriptRoot/Fabrics.ps1
    Start-TestFabric
    Add-Image server
    Add-Instance web1
    $null = Get-VMInstance web1 | Add-DataDisk -CreateNew 2 -LUN 5 -DiskLabel logs | Add-DataDisk -CreateNew 1 -LUN 2 | Update-VMInstance
}

AfterAll { Remove-TestFabric }

Describe 'Get-DataDisk' {
    It 'shows the disks in the order of their LUNs' {
        $disks = Get-VMInstance web1 | Get-DataDisk
        $disks | Should -BeOfType ([AzureVmRole.DataDisk])
        $disks.Lun | Should -Be 2, 5
        $disks.SizeInGB | Should -Be 1, 2
        $disks.DiskLabel | Should -Be 'data2', 'logs'
        $disks.VMName | Should -Be 'web1', 'web1'
        $disks[0].MediaLink | Should -BeLike 'file:///*.vhd'
    }

    It 'shows one by its LUN, pending changes included' {
        (Get-VMInstance web1 | Get-DataDisk 5).DiskName | Should -Be 'web1-logs'
        (Get-VMInstance web1 | Get-DataDisk -LUN 6) | Should -BeNullOrEmpty
        (Get-VMInstance web1 | Remove-DataDisk 2 | Get-DataDisk).Lun | Should -Be 5
    }

    It 'lets the disks be changed while they are listed' {
        $instance = Get-VMInstance web1
        $instance | Get-DataDisk | ForEach-Object { $null = $instance | Remove-DataDisk -LUN $_.Lun }
        $instance.DataDisks | Should -BeNullOrEmpty
    }

    It 'refuses LUN 64' {
        { Get-VMInstance web1 | Get-DataDisk -LUN 64 } | Should -Throw -ErrorId 'ParameterArgumentValidationError,*'
    }

    It 'shows a table, and help with examples' {
        Assert-Table (Get-VMInstance web1 | Get-DataDisk) '^ +5 None +2 web1-logs'
        Assert-Help Get-DataDisk
    }
}
