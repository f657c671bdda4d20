BeforeAll {
    . $PSScriptRoot/Disks.ps1
    . $PSScriptRoot/Stores.ps1
    . $PSScriptRoot/Fabrics.ps1
    Start-TestFabric
    Add-Image server
    Add-Instance web1, web2
}

AfterAll { Remove-TestFabric }

Describe 'Stop-VMInstance' {
    BeforeEach { Get-VMInstance | Start-VMInstance }

    Context 'Parameters' {
        It 'stops an instance, which keeps its place' {
            Stop-VMInstance web1 | Should -BeNullOrEmpty
            (Get-VMInstance web1).Status | Should -Be 'Stopped'
            (Get-VMDisk (Get-VMInstance web1).OSDisk.DiskName).DiskState | Should -Be 'Attached'
        }

        It 'gives the place back with -Deallocate' {
            $stopped = Stop-VMInstance web1 -Deallocate -PassThru
            $stopped.Status | Should -Be 'Stopped (Deallocated)'
            (Get-VMDisk $stopped.OSDisk.DiskName).DiskState | Should -Be 'Reserved'
        }

        It 'switches off with -Force, also before it deallocates' {
            (Stop-VMInstance web1 -Force -PassThru).Status | Should -Be 'Stopped'
            $before = (Get-AuditLine).Count
            (Stop-VMInstance web2 -Force -Deallocate -PassThru).Status | Should -Be 'Stopped (Deallocated)'
            Get-Change $before | Should -Be 'POST web2/powerOff', 'POST web2/deallocate'
        }

        It 'reads the instance and its disks for -PassThru only' {
            Assert-ReadingForPassThru Stop-VMInstance
        }

        It 'returns at once with -NoWait' {
            Set-Behaviour web1 'latency=00:00:01'
            Restart-VMInstance web1
            (Stop-VMInstance web1 -NoWait -PassThru).PowerState | Should -Not -Be 'stopped'
            Stop-VMInstance web1
            (Get-VMInstance web1).PowerState | Should -Be 'stopped'
            Set-Behaviour web1 ''
        }
    }

    Context 'Pipeline' {
        It 'takes instances and names' {
            (Get-VMInstance web* | Stop-VMInstance -PassThru).PowerState | Should -Be 'stopped', 'stopped'
            ('web1', 'web2' | Stop-VMInstance -Deallocate -PassThru).PowerState | Should -Be 'deallocated', 'deallocated'
        }
    }

    Context 'WhatIf' {
        It 'changes nothing with -WhatIf, and says what it would do' {
            $before = Get-FabricState
            Get-VMInstance | Stop-VMInstance -Force -Deallocate -WhatIf
            Get-FabricState | Should -Be $before
            Invoke-Fresh "Stop-VMInstance web1 -Force -Deallocate -WhatIf" | Should -BeLike "*Switch off and deallocate*'web1'*"
        }
    }

    Context 'Errors' {
        It 'says which one does not exist' {
            Assert-Failure (Get-Failure { Stop-VMInstance missing }) ResourceNotFound ObjectNotFound missing
            Assert-Failure (Get-Failure { Stop-VMInstance missing -Force -Deallocate }) ResourceNotFound ObjectNotFound missing
        }

        It 'needs a fabric' {
            Assert-NeedsFabric { Stop-VMInstance web1 }
        }
    }

    Context 'Help' {
        It 'has examples, and completes names' {
            Assert-Help Stop-VMInstance
            Get-Completion 'Stop-VMInstance web2' | Should -Be 'web2'
        }
    }
}
