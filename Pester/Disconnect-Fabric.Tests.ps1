BeforeAll {
    . $PSScriptRoot/Disks.ps1
    . $PSScriptRoot/Stores.ps1
    . $PSScriptRoot/Fabrics.ps1
    $null = Start-LocalFabric
}

AfterAll { Remove-TestFabric }

Describe 'Disconnect-Fabric' {
    BeforeEach { $null = Connect-Fabric -ResourceGroupName mine }

    It 'ends the connection; the fabric goes on' {
        Disconnect-Fabric | Should -BeNullOrEmpty
        Get-FabricConnection | Should -BeNullOrEmpty
        (Get-LocalFabric).Status | Should -Be 'Running'
    }

    It 'gives what was connected with -PassThru, and nothing when nothing was' {
        (Disconnect-Fabric -PassThru).ResourceGroupName | Should -Be 'mine'
        Disconnect-Fabric -PassThru | Should -BeNullOrEmpty
    }

    It 'changes nothing with -WhatIf' {
        Disconnect-Fabric -WhatIf
        (Get-FabricConnection).ResourceGroupName | Should -Be 'mine'
    }

    It 'works after the fabric has stopped' {
        Stop-LocalFabric
        (Disconnect-Fabric -PassThru).Kind | Should -Be 'Local'
        $null = Start-LocalFabric
    }

    It 'has help with examples' {
        Assert-Help Disconnect-Fabric
    }
}
