BeforeAll {
    . $PSScriptRoot/Disks.ps1
    . $PSScriptRoot/Stores.ps1
    . $PSScriptRoot/Fabrics.ps1
    Start-TestFabric
    Add-Image server
    Add-Instance web1, web2
}

AfterAll { Remove-TestFabric }

Describe 'Set-OSDisk' {
    It 'changes the object only, until Update-VMInstance restarts the instance with it' {
        $before = (Get-AuditLine).Count
        $instance = Get-VMInstance web1 | Set-OSDisk -HostCaching ReadOnly
        $instance | Should -BeOfType ([AzureVmRole.VMInstance])
        $instance.OSDisk.HostCaching | Should -Be 'ReadOnly'
        "$($instance.PendingChanges)" | Should -Be '~ OS disk: caching ReadOnly'
        Get-Change $before | Should -BeNullOrEmpty
        (Get-VMInstance web1).OSDisk.HostCaching | Should -Be 'ReadWrite'
        ($instance | Update-VMInstance).OSDisk.HostCaching | Should -Be 'ReadOnly'
        (Get-VMInstance web1).OSDisk.HostCaching | Should -Be 'ReadOnly'
    }

    It 'takes the caching as its first argument, and many instances' {
        (Get-VMInstance web* | Set-OSDisk None | Update-VMInstance).OSDisk.HostCaching | Should -Be 'None', 'None'
        (Set-OSDisk ReadWrite -VM (Get-VMInstance web1)).OSDisk.HostCaching | Should -Be 'ReadWrite'
    }

    It 'notes nothing with -WhatIf' {
        (Get-VMInstance web1 | Set-OSDisk ReadWrite -WhatIf).PendingChanges | Should -BeNullOrEmpty
    }

    It 'refuses a caching that there is not' {
        { Get-VMInstance web1 | Set-OSDisk WriteOnly } | Should -Throw -ErrorId 'CannotConvertArgumentNoMessage,*'
    }

    It 'has help with examples' {
        Assert-Help Set-OSDisk
    }
}
