BeforeAll {
    . $PSScriptRoot/Disks.ps1
    . $PSScriptRoot/Stores.ps1
    . $PSScriptRoot/Fabrics.ps1
    Start-TestFabric
    Add-Image server
    Add-Instance web1, web2
}

AfterAll { Remove-TestFabric }

Describe 'Start-VMInstance' {
    BeforeEach { Get-VMInstance | Stop-VMInstance -Deallocate }

    Context 'Parameters' {
        It 'starts an instance, and returns nothing without -PassThru' {
            Start-VMInstance web1 | Should -BeNullOrEmpty
            (Get-VMInstance web1).Status | Should -Be 'Running'
            $started = Start-VMInstance web2 -ResourceGroupName azvmrole -PassThru
            $started | Should -BeOfType ([AzureVmRole.VMInstance])
            $started.PowerState | Should -Be 'running'
        }

        It 'reads the instance and its disks for -PassThru only' {
            Assert-ReadingForPassThru Start-VMInstance
        }

        It 'returns at once with -NoWait' {
            Set-Behaviour web1 'latency=00:00:01'
            (Start-VMInstance web1 -NoWait -PassThru).PowerState | Should -Not -Be 'running'
            Start-VMInstance web1
            (Get-VMInstance web1).PowerState | Should -Be 'running'
            Set-Behaviour web1 ''
        }
    }

    Context 'Pipeline' {
        It 'takes instances and names' {
            Get-VMInstance web* | Start-VMInstance
            (Get-VMInstance).PowerState | Should -Be 'running', 'running'
            ('web1', 'web2' | Start-VMInstance -PassThru).Name | Should -Be 'web1', 'web2'
        }
    }

    Context 'WhatIf' {
        It 'changes nothing with -WhatIf' {
            $before = Get-FabricState
            Get-VMInstance | Start-VMInstance -WhatIf
            Get-FabricState | Should -Be $before
        }
    }

    Context 'Errors' {
        It 'says which one does not exist' {
            Assert-Failure (Get-Failure { Start-VMInstance missing }) ResourceNotFound ObjectNotFound missing
            Assert-Failure (Get-Failure { Start-VMInstance web1 -ResourceGroupName other }) ResourceNotFound ObjectNotFound web1
        }

        It 'tells why the host did not start it' {
            Set-Behaviour web1 'start=fail:the power supply burns'
            $failure = Get-Failure { Start-VMInstance web1 }
            @($failure).Count | Should -Be 1
            $failure.Exception.Message | Should -BeLike '*the power supply burns*'
            $failure.ErrorDetails.RecommendedAction | Should -Not -BeNullOrEmpty
            Set-Behaviour web1 ''
            (Start-VMInstance web1 -PassThru).Status | Should -Be 'Running'
        }

        It 'refuses one that was captured as generalised' {
            $null = Save-VMImage web2 captured -OSState Generalized -KeepVMInstance -Confirm:$false
            Assert-Failure (Get-Failure { Start-VMInstance web2 }) OperationNotAllowed InvalidOperation web2
        }

        It 'needs a fabric' {
            Assert-NeedsFabric { Start-VMInstance web1 }
        }
    }

    Context 'Help' {
        It 'has examples, and completes names' {
            Assert-Help Start-VMInstance
            Get-Completion 'Start-VMInstance web2' | Should -Be 'web2'
        }
    }
}
