BeforeAll {
    . $PSScriptRoot/Disks.ps1
    . $PSScriptRoot/Stores.ps1
    . $PSScriptRoot/Fabrics.ps1
}

AfterAll { Remove-TestFabric }

Describe 'Get-LocalFabric' {
    It 'says that none runs' {
        $fabric = Get-LocalFabric
        $fabric | Should -BeOfType ([AzureVmRole.LocalFabricState])
        $fabric.Status, $fabric.HomePath | Should -Be 'Stopped', $env:AZUREVMROLE_HOME
        $fabric.Endpoint | Should -BeNullOrEmpty
    }

    It 'shows the one that runs' {
        $started = Start-LocalFabric
        $fabric = Get-LocalFabric -HomePath $env:AZUREVMROLE_HOME
        $fabric.Status | Should -Be 'Running'
        $fabric.Endpoint, $fabric.ProcessId, $fabric.Thumbprint | Should -Be $started.Endpoint, $started.ProcessId, $started.Thumbprint
        ($started | Get-LocalFabric).ProcessId | Should -Be $started.ProcessId
        $fabric | Format-List | Out-String | Should -Not -BeLike "*$((Get-Content -Raw (Join-Path $env:AZUREVMROLE_HOME fabric/token)).Trim())*"
    }

    It 'says what is wrong with a note that no fabric wrote' {
        $note = Join-Path (New-Item -ItemType Directory (Join-Path (New-Folder 'bad') fabric)) fabric.json
        Set-Content $note '[]'
        Assert-Failure (Get-Failure { Get-LocalFabric (Join-Path $TestDrive bad) }) FabricUnreachable ConnectionError $note
    }

    It 'has help with examples' {
        Assert-Help Get-LocalFabric
    }
}
