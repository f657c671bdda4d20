BeforeAll {
    . $PSScriptRoot/Disks.ps1
    . $PSScriptRoot/Stores.ps1
    . $PSScriptRoot/Fabrics.ps1
    Start-TestFabric
    Add-Image server
    Add-Instance web1, web2
}

AfterAll { Remove-TestFabric }

Describe 'Get-OSDisk' {
    It 'shows the disk of an instance, pending changes included' {
        $disk = Get-VMInstance web1 | Get-OSDisk
        $disk | Should -BeOfType ([AzureVmRole.OSDisk])
        $disk.HostCaching, $disk.OS | Should -Be 'ReadWrite', 'Linux'
        $disk.MediaLink | Should -Be (Get-VMDisk $disk.DiskName).MediaLink
        (Get-VMInstance web1 | Set-OSDisk None | Get-OSDisk).HostCaching | Should -Be 'None'
    }

    It 'takes many instances, and asks nobody' {
        $instances = Get-VMInstance
        $before = (Get-AuditLine).Count
        @($instances | Get-OSDisk).Count | Should -Be 2
        (Get-OSDisk -VM $instances[0]).DiskName | Should -Be $instances[0].OSDisk.DiskName
        (Get-AuditLine).Count | Should -Be $before
    }

    It 'refuses what is no instance' {
        { Get-OSDisk -VMInstance $null } | Should -Throw -ErrorId 'ParameterArgumentValidationError,*'
        Get-Failure { 'web1' | Get-OSDisk } | ForEach-Object FullyQualifiedErrorId | Should -BeLike 'InputObjectNotBound,*'
    }

    It 'shows a table, and help with examples' {
        Assert-Table (Get-VMInstance web1 | Get-OSDisk) '^Linux +ReadWrite +web1_OsDisk_1_[0-9a-f]{32}'
        Assert-Help Get-OSDisk
    }
}
