BeforeAll {
    . $PSScriptRoot/Disks.ps1
    . $PSScriptRoot/Stores.ps1
    . $PSScriptRoot/Fabrics.ps1
    Start-TestFabric
    Add-Image server
    Add-Instance web1, web2, web3, web4
}

AfterAll { Remove-TestFabric }

Describe 'Remove-VMInstance' {
    Context 'WhatIf' {
        It 'changes nothing with -WhatIf' {
            $before = Get-FabricState
            Get-VMInstance | Remove-VMInstance -WhatIf
            Get-FabricState | Should -Be $before
        }

        It 'asks first' {
            $text = Invoke-Fresh 'Remove-VMInstance web1' -Before "`$ErrorActionPreference = 'Continue'"
            $text | Should -BeLike '*NonInteractive*'
            (Get-VMInstance web1).Status | Should -Be 'Running'
        }
    }

    Context 'Parameters' {
        It 'removes an instance, and keeps its disks' {
            $disk = (Get-VMInstance web1).OSDisk.DiskName
            Remove-VMInstance web1 -Confirm:$false | Should -BeNullOrEmpty
            Get-VMInstance web1* | Should -BeNullOrEmpty
            $kept = Get-VMDisk $disk
            $kept.DiskState | Should -Be 'Unattached'
            $kept.AttachedTo | Should -BeNullOrEmpty
            (Get-VhdBlob).Uri | Should -Contain $kept.MediaLink
        }

        It 'returns at once with -NoWait' {
            Set-Behaviour web2 'latency=00:00:01'
            Restart-VMInstance web2
            Remove-VMInstance web2 -ResourceGroupName azvmrole -NoWait -Confirm:$false
            (Get-VMInstance web2).Status | Should -Be 'Deleting'
        }
    }

    Context 'Pipeline' {
        It 'takes instances' {
            Get-VMInstance web[3-5] | Remove-VMInstance -Confirm:$false
            Get-VMInstance web[34] | Should -BeNullOrEmpty
        }
    }

    Context 'Errors' {
        It 'says which one does not exist' {
            Assert-Failure (Get-Failure { Remove-VMInstance missing -Confirm:$false }) ResourceNotFound ObjectNotFound missing
        }

        It 'needs a fabric' {
            Assert-NeedsFabric { Remove-VMInstance web1 -Confirm:$false }
        }
    }

    Context 'Help' {
        It 'has examples' {
            Assert-Help Remove-VMInstance
        }
    }
}
