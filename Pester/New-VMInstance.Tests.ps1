BeforeAll {
    . $PSScriptRoot/Disks.ps1
    . $PSScriptRoot/Stores.ps1
    . $PSScriptRoot/Fabrics.ps1
    Start-TestFabric
    Add-Image server
    Add-Image special -OSState Specialized
}

AfterAll { Remove-TestFabric }

Describe 'New-VMInstance' {
    Context 'Parameters' {
        It 'makes an instance from an image, with a VHD of its own' {
            $instance = New-VMInstance web1 server @Account -WarningVariable warnings -WarningAction SilentlyContinue
            $instance | Should -BeOfType ([AzureVmRole.VMInstance])
            $instance.Status | Should -Be 'Running'
            $instance.Size | Should -Be 'Standard_B1s'
            $instance.ImageName | Should -Be 'server'
            $instance.Location | Should -Be 'local1'
            $instance.ResourceGroupName | Should -Be 'azvmrole'
            $instance.OSDisk.HostCaching | Should -Be 'ReadWrite'
            $instance.OSDisk.MediaLink | Should -Not -Be (Get-VMImage server).MediaLink
            (Get-VhdBlob).Uri | Should -Contain $instance.OSDisk.MediaLink
            "$warnings" | Should -BeLike "*'web1' is simulated*no guest runs*"
        }

        It 'takes -InstanceSize, -HostCaching, -AdminPassword and -ResourceGroupName' {
            $null = Invoke-Fabric PUT '../../../other' @{ location = 'local1' }
            $password = ConvertTo-SecureString 'Pa55word!Secret' -AsPlainText
            $image = (Get-VMImage server).Id
            $instance = New-VMInstance web2 $image -InstanceSize standard_d2s_v5 -HostCaching ReadOnly -AdminUserName me -AdminPassword $password -ResourceGroupName other -WarningAction Ignore
            $instance.Size | Should -Be 'Standard_D2s_v5'
            $instance.OSDisk.HostCaching | Should -Be 'ReadOnly'
            $instance.ResourceGroupName | Should -Be 'other'
            Get-ChildItem $env:AZUREVMROLE_HOME -Recurse -File -Include *.db*, *.log, *.json | Select-String 'Pa55word!Secret' -SimpleMatch | Should -BeNullOrEmpty
        }

        It 'starts from an existing disk with -DiskName' {
            Add-Vhd vhds/os.vhd
            $null = Add-VMDisk os1 vhds/os.vhd -OS Linux
            $instance = New-VMInstance web3 -DiskName os1 -WarningAction Ignore
            $instance.OSDisk.DiskName | Should -Be 'os1'
            $instance.ImageName | Should -BeNullOrEmpty
            (Get-VMDisk os1).AttachedTo | Should -Be 'web3'
        }

        It 'puts the OS disk on NVMe with -DiskControllerType, for generation 2' {
            Add-Vhd vhds/uefi.vhd
            $null = Add-VMImage uefi vhds/uefi.vhd Linux -Generation Gen2
            (New-VMInstance web7 uefi @Account -DiskControllerType NVMe -WarningAction Ignore).DiskControllerType | Should -Be 'NVMe'
            (Get-VMInstance web7).DiskControllerType | Should -Be 'NVMe'
            (New-VMInstance web8 uefi @Account -WarningAction Ignore).DiskControllerType | Should -Be 'SCSI'
            (Get-VMInstance web1).DiskControllerType | Should -BeNullOrEmpty
        }

        It 'refuses another controller than SCSI and NVMe' {
            { New-VMInstance never server @Account -DiskControllerType IDE } | Should -Throw -ErrorId 'CannotConvertArgumentNoMessage,*'
        }

        It 'needs no account for a specialised image' {
            (New-VMInstance web4 special -WarningAction Ignore).Status | Should -Be 'Running'
        }

        It 'returns at once with -NoWait' {
            $instance = New-VMInstance web5 server @Account -NoWait -WarningAction Ignore
            $instance.Name | Should -Be 'web5'
            $instance.ProvisioningState | Should -BeIn Creating, Succeeded
            $instance.Status | Should -BeIn Creating, Starting, Running
        }

        It 'takes images from the pipeline' {
            (Get-VMImage server | New-VMInstance web6 @Account -WarningAction Ignore).ImageName | Should -Be 'server'
        }

        It 'completes sizes, images, locations and resource groups' {
            Get-Completion 'New-VMInstance x -Size standard_b2' | Should -Be 'Standard_B20ms', 'Standard_B2ms', 'Standard_B2s'
            Get-Completion 'New-VMInstance x ser' | Should -Be 'server'
            Get-Completion 'New-VMInstance x -Location ' | Should -Be 'local1', 'local2'
            Get-Completion 'New-VMInstance x -ResourceGroupName az' | Should -Be 'azvmrole'
        }
    }

    Context 'WhatIf' {
        It 'changes nothing with -WhatIf' {
            $before = Get-FabricState
            New-VMInstance never server @Account -WhatIf
            Get-FabricState | Should -Be $before
        }
    }

    Context 'Errors' {
        It 'names the nearest sizes' {
            $failure = Get-Failure { New-VMInstance never server @Account -Size Standard_B2z }
            Assert-Failure $failure RequestInvalid InvalidArgument never
            $failure.Exception.Message | Should -Match 'Standard_B2z.*nearest are .*Standard_B2s'
        }

        It 'asks for an account that a generalised image needs' {
            $failure = Get-Failure { New-VMInstance never server }
            Assert-Failure $failure RequestInvalid InvalidArgument never
            $failure.ErrorDetails.RecommendedAction | Should -BeLike '*-AdminUserName*-SshPublicKey*'
        }

        It 'refuses NVMe for an image of generation 1' {
            $failure = Get-Failure { New-VMInstance never server @Account -DiskControllerType NVMe }
            Assert-Failure $failure RequestInvalid InvalidArgument never
            $failure.Exception.Message | Should -Match "'NVMe'.*the image 'server' is of generation 1.*expected generation 2.*Give SCSI, or"
        }

        It 'refuses a name that is taken, and leaves that instance as it is' {
            $before = Get-FabricState
            Assert-Failure (Get-Failure { New-VMInstance web1 server @Account }) ResourceConflict ResourceExists web1
            Get-FabricState | Should -Be $before
        }

        It 'says which image or disk does not exist' {
            Assert-Failure (Get-Failure { New-VMInstance never missing @Account }) ResourceNotFound ObjectNotFound missing
            Assert-Failure (Get-Failure { New-VMInstance never -DiskName missing }) ResourceNotFound ObjectNotFound missing
        }

        It 'refuses a data disk, and a disk that another instance has' {
            Add-Vhd vhds/data.vhd
            $null = Add-VMDisk data1 vhds/data.vhd
            Assert-Failure (Get-Failure { New-VMInstance never -DiskName data1 }) RequestInvalid InvalidArgument data1
            Get-Failure { New-VMInstance never -DiskName os1 } | ForEach-Object FullyQualifiedErrorId | Should -BeLike 'ResourceInUse,*'
        }

        It 'refuses a location that the image is not in' {
            Assert-Failure (Get-Failure { New-VMInstance never server @Account -Location local2 }) RequestInvalid InvalidArgument never
            Get-VMInstance neve* | Should -BeNullOrEmpty
        }

        It 'needs a fabric' {
            Assert-NeedsFabric { New-VMInstance never server @Account }
        }
    }

    Context 'Formatting' {
        It 'shows a table, and help with examples' {
            Assert-Table (Get-VMInstance web1) '^web1 +Running +Simulated +Standard_B1s +server'
            Assert-Help New-VMInstance
        }
    }
}
