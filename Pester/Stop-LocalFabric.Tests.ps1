BeforeAll {
    . $PSScriptRoot/Disks.ps1
    . $PSScriptRoot/Stores.ps1
    . $PSScriptRoot/Fabrics.ps1
    $null = Start-LocalFabric
}

AfterAll { Remove-TestFabric }

Describe 'Stop-LocalFabric' {
    It 'changes nothing with -WhatIf' {
        Stop-LocalFabric -WhatIf
        (Get-LocalFabric).Status | Should -Be 'Running'
    }

    It 'stops the fabric, whose process has ended then' {
        $process = (Get-LocalFabric).ProcessId
        Stop-LocalFabric | Should -BeNullOrEmpty
        (Get-LocalFabric).Status | Should -Be 'Stopped'
        Get-Process -Id $process -ErrorAction Ignore | Should -BeNullOrEmpty
    }

    It 'keeps what it has acknowledged' {
        Start-TestFabric
        Add-Image server
        Stop-TestFabric
        Start-TestFabric
        (Get-VMImage).ImageName | Should -Be 'server'
        (Stop-LocalFabric -HomePath $env:AZUREVMROLE_HOME -PassThru).Status | Should -Be 'Stopped'
    }

    It 'does nothing when none runs' {
        (Stop-LocalFabric -PassThru).Status | Should -Be 'Stopped'
        (Stop-LocalFabric (New-Folder 'nobody') -PassThru).Status | Should -Be 'Stopped'
    }

    It 'takes a fabric whose process was killed for stopped' {
        $process = [System.Diagnostics.Process]::GetProcessById((Start-LocalFabric).ProcessId)
        $process.Kill()
        $process.WaitForExit()
        (Stop-LocalFabric -PassThru).Status | Should -Be 'Stopped'
        (Start-LocalFabric).Status | Should -Be 'Running'
    }

    It 'says when a fabric does not answer, and which process it is' -Skip:$IsWindows {
        $process = (Get-LocalFabric).ProcessId
        & /bin/kill -STOP $process
        try {
            $failure = Get-Failure { Stop-LocalFabric }
        }
        finally {
            & /bin/kill -CONT $process
        }

        Assert-Failure $failure FabricUnreachable ConnectionError $env:AZUREVMROLE_HOME
        $failure.ErrorDetails.RecommendedAction | Should -BeLike "*$process*"
        Stop-LocalFabric
    }

    It 'has help with examples' {
        Assert-Help Stop-LocalFabric
    }
}
