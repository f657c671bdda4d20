BeforeAll {
    . $PSScriptRoot/Disks.ps1
    . $PSScriptRoot/Stores.ps1
    . $PSScriptRoot/Fabrics.ps1
    Start-TestFabric
}

AfterAll { Remove-TestFabric }

Describe 'Get-FabricConnection' {
    It 'shows the connection, and asks nobody' {
        $before = (Get-AuditLine).Count
        $connection = Get-FabricConnection
        $connection | Should -BeOfType ([AzureVmRole.FabricConnectionState])
        $connection.Kind | Should -Be 'Local'
        (Get-AuditLine).Count | Should -Be $before
    }

    It 'gives nothing in a session that nobody has connected' {
        Invoke-Fresh '@(Get-FabricConnection).Count' | Should -Match '^0\s*$'
    }

    It 'keeps runspaces apart' {
        $manifest = $ManifestPath
        $job = Start-ThreadJob { Import-Module $using:manifest; @(Get-FabricConnection).Count; (Connect-Fabric -Location local2).Location }
        Receive-Job $job -Wait -AutoRemoveJob | Should -Be 0, 'local2'
        (Get-FabricConnection).Location | Should -Be 'local1'
    }

    It 'has help with examples' {
        Assert-Help Get-FabricConnection
    }
}
