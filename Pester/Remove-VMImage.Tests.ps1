BeforeAll {
    . $PSScriptRoot/Disks.ps1
    . $PSScriptRoot/Stores.ps1
    . $PSScriptRoot/Fabrics.ps1
    Start-TestFabric
    Add-Image server, a, b, c
    Add-Instance web1
}

AfterAll { Remove-TestFabric }

Describe 'Remove-VMImage' {
    Context 'WhatIf' {
        It 'changes nothing with -WhatIf, and asks without' {
            $before = Get-FabricState
            Get-VMImage | Remove-VMImage -DeleteVhd -WhatIf
            Invoke-Fresh 'Remove-VMImage a' -Before "`$ErrorActionPreference = 'Continue'" | Should -BeLike '*NonInteractive*'
            Get-FabricState | Should -Be $before
        }
    }

    Context 'Parameters' {
        It 'removes the registration, and keeps the VHD free' {
            Remove-VMImage a -Confirm:$false | Should -BeNullOrEmpty
            Get-VMImage a* | Should -BeNullOrEmpty
            (Get-VhdBlob vhds/a.vhd).LeaseState | Should -Be 'Available'
        }

        It 'deletes the VHD with -DeleteVhd, and keeps those of instances' {
            Remove-VMImage -Name server -ResourceGroupName azvmrole -DeleteVhd -Confirm:$false
            Get-BlobName (Join-Path $env:AZUREVMROLE_HOME store/local1) | Should -Not -Contain 'vhds/server.vhd'
            (Get-VMInstance web1).Status | Should -Be 'Running'
        }
    }

    Context 'Pipeline' {
        It 'takes images' {
            Get-VMImage [bc] | Remove-VMImage -NoWait -Confirm:$false
            (Get-VMImage [bc]).Where({ $_.ProvisioningState -ne 'Deleting' }) | Should -BeNullOrEmpty
        }
    }

    Context 'Errors' {
        It 'says which one does not exist' {
            Assert-Failure (Get-Failure { Remove-VMImage missing -Confirm:$false }) ResourceNotFound ObjectNotFound missing
        }

        It 'needs a fabric' {
            Assert-NeedsFabric { Remove-VMImage a -Confirm:$false }
        }
    }

    Context 'Help' {
        It 'has examples' {
            Assert-Help Remove-VMImage
        }
    }
}
