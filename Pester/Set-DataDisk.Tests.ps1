BeforeAll {
    . $PSScriptRoot/Disks.ps1
    . $PSScriptRoot/Stores.ps1
    . $PSScriptRoot/Fabrics.ps1
    Start-TestFabric
    Add-Image server
    Add-Instance web1
    $null = Get-VMInstance web1 | Add-DataDisk -CreateNew 1 -LUN 3 | Update-VMInstance
}

AfterAll { Remove-TestFabric }

Describe 'Set-DataDisk' {
    It 'sets the caching while the instance runs' {
        $instance = Get-VMInstance web1 | Set-DataDisk -LUN 3 -HostCaching ReadOnly
        $instance.DataDisks.HostCaching | Should -Be 'ReadOnly'
        "$($instance.PendingChanges)" | Should -Be '~ data disk LUN 3: caching ReadOnly'
        $updated = $instance | Update-VMInstance
        $updated.DataDisks.HostCaching, $updated.Status | Should -Be 'ReadOnly', 'Running'
    }

    It 'takes caching and LUN by position, as the classic command did' {
        (Get-VMInstance web1 | Set-DataDisk ReadWrite 3).DataDisks.HostCaching | Should -Be 'ReadWrite'
    }

    It 'notes nothing with -WhatIf' {
        (Get-VMInstance web1 | Set-DataDisk None 3 -WhatIf).PendingChanges | Should -BeNullOrEmpty
    }

    It 'says which LUNs there are' {
        $failure = Get-Failure { Get-VMInstance web1 | Set-DataDisk -LUN 4 -HostCaching None | Update-VMInstance }
        Assert-Failure $failure RequestInvalid InvalidArgument web1
        $failure.Exception.Message | Should -BeLike '*no data disk at LUN 4; it has LUN 3*'
    }

    It 'refuses LUN 64 and other cachings' {
        { Get-VMInstance web1 | Set-DataDisk None 64 } | Should -Throw -ErrorId 'ParameterArgumentValidationError,*'
        { Get-VMInstance web1 | Set-DataDisk -HostCaching WriteOnly -LUN 3 } | Should -Throw -ErrorId 'CannotConvertArgumentNoMessage,*'
    }

    It 'has help with examples' {
        Assert-Help Set-DataDisk
    }
}
