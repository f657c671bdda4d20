BeforeAll {
    . $PSScriptRoot/Disks.ps1
    . $PSScriptRoot/Stores.ps1
    . $PSScriptRoot/Fabrics.ps1
    Start-TestFabric
    Add-Vhd vhds/a.vhd, vhds/b.vhd, vhds/c.vhd
}

AfterAll { Remove-TestFabric }

Describe 'Add-VMImage' {
    Context 'WhatIf' {
        It 'changes nothing with -WhatIf' {
            $before = Get-FabricState
            Add-VMImage a vhds/a.vhd Linux -WhatIf
            Get-FabricState | Should -Be $before
        }
    }

    Context 'Parameters' {
        It 'registers a VHD, which stays where it is' {
            $image = Add-VMImage a vhds/a.vhd Linux
            $image | Should -BeOfType ([AzureVmRole.VMImage])
            $image.ImageName | Should -Be 'a'
            $image.OS | Should -Be 'Linux'
            $image.OSState | Should -Be 'Generalized'
            $image.Generation | Should -Be 'Gen1'
            $image.HostCaching | Should -Be 'ReadWrite'
            $image.MediaLink | Should -Be (Get-VhdBlob vhds/a.vhd).Uri
            $image.ProvisioningState | Should -Be 'Succeeded'
            (Get-VhdBlob vhds/a.vhd).LeaseState | Should -Be 'Leased'
        }

        It 'takes every parameter' {
            $null = Invoke-Fabric PUT '../../../other' @{ location = 'local1' }
            Add-Vhd vhds/far.vhd -Location local2
            $image = Add-VMImage -Name far -MediaLocation "file://$env:AZUREVMROLE_HOME/store/local2/vhds/far.vhd" -OS Windows -OSState Specialized -Generation Gen2 -HostCaching ReadOnly -Description 'More text' -Label 'Text' -ResourceGroupName other -Location local2
            $image.Location | Should -Be 'local2'
            $image.ResourceGroupName | Should -Be 'other'
            $image.OS, $image.OSState, $image.HostCaching, $image.Label, $image.Description, $image.Generation | Should -Be 'Windows', 'Specialized', 'ReadOnly', 'Text', 'More text', 'Gen2'
        }

        It 'takes VHDs from the pipeline' {
            (Get-VhdBlob vhds/b.vhd | Add-VMImage b -OS Linux).MediaLink | Should -Be (Get-VhdBlob vhds/b.vhd).Uri
        }
    }

    Context 'Errors' {
        It 'refuses a name that is taken' {
            Assert-Failure (Get-Failure { Add-VMImage a vhds/c.vhd Linux }) ResourceConflict ResourceExists a
        }

        It 'refuses a VHD that another image has, and names that' {
            $failure = Get-Failure { Add-VMImage again vhds/a.vhd Linux }
            Assert-Failure $failure ResourceInUse ResourceBusy again
            $failure.Exception.Message | Should -BeLike '*images/a*'
        }

        It 'says where it looked for a VHD that does not exist' {
            $failure = Get-Failure { Add-VMImage new vhds/missing.vhd Linux }
            Assert-Failure $failure RequestInvalid InvalidArgument new
            $failure.Exception.Message | Should -BeLike '*vhds/missing.vhd*local1*'
        }

        It 'refuses what is no fixed VHD, with the findings' {
            $dynamic = Join-Path $TestDrive 'dynamic.vhd'
            $null = New-BaseVhd $dynamic 24MB
            $store = Join-Path $env:AZUREVMROLE_HOME 'store/local1'
            $vhds = New-Item -ItemType Directory -Force (Join-Path $store 'foreign')
            Copy-Item $dynamic (Join-Path $vhds 'dynamic.vhd')
            $failure = Get-Failure { Add-VMImage new foreign/dynamic.vhd Linux }
            @($failure).Count | Should -Be 1
            $failure.FullyQualifiedErrorId | Should -BeLike 'RequestInvalid,*'
            Get-VMImage new* | Should -BeNullOrEmpty
        }

        It 'refuses <Address>' -ForEach @(
            @{ Address = '../../outside.vhd' }, @{ Address = 'vhds/../../../x.vhd' }, @{ Address = 'file:///etc/passwd' }
            @{ Address = 'vhds' }, @{ Address = 'https://account.blob.core.windows.net/vhds/a.vhd' }
        ) {
            $failure = Get-Failure { Add-VMImage new $Address Linux }
            @($failure).Count | Should -Be 1
            $failure.CategoryInfo.Category | Should -BeIn InvalidArgument, ObjectNotFound, ConnectionError
            Get-VMImage new* | Should -BeNullOrEmpty
        }

        It 'refuses another operating system' {
            { Add-VMImage new vhds/c.vhd Plan9 } | Should -Throw -ErrorId 'CannotConvertArgumentNoMessage,*'
        }

        It 'needs a fabric' {
            Assert-NeedsFabric { Add-VMImage new vhds/c.vhd Linux }
        }
    }

    Context 'Help' {
        It 'has examples' {
            Assert-Help Add-VMImage
        }
    }
}
