BeforeAll {
    . $PSScriptRoot/Disks.ps1
    . $PSScriptRoot/Stores.ps1
    . $PSScriptRoot/Fabrics.ps1
    Start-TestFabric
    Add-Image server
    Add-Instance web1, web2
}

AfterAll { Remove-TestFabric }

Describe 'Restart-VMInstance' {
    Context 'Parameters' {
        It 'restarts an instance, and returns nothing without -PassThru' {
            Restart-VMInstance web1 | Should -BeNullOrEmpty
            (Restart-VMInstance web1 -ResourceGroupName azvmrole -PassThru).Status | Should -Be 'Running'
        }

        It 'reads the instance and its disks for -PassThru only' {
            Assert-ReadingForPassThru Restart-VMInstance
        }

        It 'returns at once with -NoWait' {
            Set-Behaviour web1 'latency=00:00:01'
            Restart-VMInstance web1
            (Restart-VMInstance web1 -NoWait -PassThru).ProvisioningState | Should -Be 'Updating'
            Restart-VMInstance web1
            (Get-VMInstance web1).PowerState | Should -Be 'running'
        }
    }

    Context 'Pipeline' {
        It 'takes instances and names' {
            (Get-VMInstance web2 | Restart-VMInstance -PassThru).Name | Should -Be 'web2'
            ('web2', 'web2' | Restart-VMInstance -PassThru).PowerState | Should -Be 'running', 'running'
        }
    }

    Context 'WhatIf' {
        It 'changes nothing with -WhatIf' {
            $before = (Get-AuditLine).Count
            Get-VMInstance | Restart-VMInstance -WhatIf
            Get-Change $before | Should -BeNullOrEmpty
        }
    }

    Context 'Errors' {
        It 'says which one does not exist' {
            Assert-Failure (Get-Failure { Restart-VMInstance missing }) ResourceNotFound ObjectNotFound missing
        }

        It 'refuses one that is deallocated' {
            Stop-VMInstance web2 -Deallocate
            Assert-Failure (Get-Failure { Restart-VMInstance web2 }) OperationNotAllowed InvalidOperation web2
        }

        It 'needs a fabric' {
            Assert-NeedsFabric { Restart-VMInstance web1 }
        }
    }

    Context 'Stop' {
        It 'stops waiting, and says that the operation goes on' -Skip:(-not $IsLinux) {
            Set-Behaviour web1 'latency=00:00:10'
            $before = (Get-AuditLine).Count
            Restart-VMInstance web1 -NoWait
            # Who was started in the background ignores the signal, and so would all that it starts.
            $start = [System.Diagnostics.ProcessStartInfo]::new('/usr/bin/env')
            $start.RedirectStandardOutput = $true
            '--default-signal=INT', (Join-Path $PSHOME 'pwsh'), '-NoProfile', '-Command', "`$ProgressPreference = 'SilentlyContinue'; Import-Module '$ManifestPath'; 'ready'; Restart-VMInstance web1" |
                ForEach-Object { $start.ArgumentList.Add($_) }
            $shell = [System.Diagnostics.Process]::Start($start)
            $shell.StandardOutput.ReadLine() | Should -Be 'ready'
            while (@(Get-Change $before | Where-Object { $_ -eq 'POST web1/restart' }).Count -lt 2 -and -not $shell.HasExited) { $null = Get-VMInstance web2 }
            & /bin/kill -INT $shell.Id
            $text = $shell.StandardOutput.ReadToEnd()
            $shell.WaitForExit()
            $text | Should -BeLike "*Only the waiting has stopped: the service goes on to restart instance 'web1'*"
            Restart-VMInstance web1
            (Get-VMInstance web1).PowerState | Should -Be 'running'
        }
    }

    Context 'Help' {
        It 'has examples, and completes names' {
            Assert-Help Restart-VMInstance
            Get-Completion 'Restart-VMInstance web2' | Should -Be 'web2'
        }
    }
}
