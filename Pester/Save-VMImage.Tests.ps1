BeforeAll {
    . $PSScriptRoot/Disks.ps1
    . $PSScriptRoot/Stores.ps1
    . $PSScriptRoot/Fabrics.ps1
    Start-TestFabric
    Add-Image server
    Add-Instance web1, web2, web3
    $null = Get-VMInstance web1 | Add-DataDisk -CreateNew 1 -LUN 3 -HostCaching ReadOnly | Update-VMInstance
    $null = Get-VMInstance web2 | Add-DataDisk -CreateNew 1 -LUN 5 | Update-VMInstance
}

AfterAll { Remove-TestFabric }

Describe 'Save-VMImage' {
    Context 'Errors' {
        It 'refuses a running instance, and changes nothing' {
            $before = Get-FabricState
            $failure = Get-Failure { Save-VMImage web1 image1 -OSState Generalized -Confirm:$false }
            Assert-Failure $failure OperationNotAllowed InvalidOperation web1
            $failure.Exception.Message | Should -BeLike "*'web1' is Running*"
            Get-FabricState | Should -Be $before
            Get-VMInstance | Stop-VMInstance
        }

        It 'refuses a name that is taken before it marks the instance' {
            Assert-Failure (Get-Failure { Save-VMImage web1 server -OSState Generalized -Confirm:$false }) ResourceConflict ResourceExists server
            (Start-VMInstance web1 -PassThru).Status | Should -Be 'Running'
            Stop-VMInstance web1
        }

        It 'says that there is no such instance' {
            Assert-Failure (Get-Failure { Save-VMImage missing image1 -OSState Generalized -Confirm:$false }) ResourceNotFound ObjectNotFound missing
        }

        It 'needs a fabric' {
            Assert-NeedsFabric { Save-VMImage web1 image1 -OSState Generalized -Confirm:$false }
        }
    }

    Context 'WhatIf' {
        It 'changes nothing with -WhatIf, and asks without' {
            $before = Get-FabricState
            Save-VMImage web1 image1 -OSState Generalized -WhatIf
            Invoke-Fresh 'Save-VMImage web1 image1 -OSState Generalized' -Before "`$ErrorActionPreference = 'Continue'" | Should -BeLike '*NonInteractive*'
            Get-FabricState | Should -Be $before
        }
    }

    Context 'Parameters' {
        It 'captures the OS disk on a new VHD, removes the instance, and keeps its disks' {
            $disk = (Get-VMInstance web1).OSDisk
            $image = Save-VMImage -Name web1 -NewImageName image1 -NewImageLabel 'After set-up' -OSState Generalized -ResourceGroupName azvmrole -Confirm:$false
            $image | Should -BeOfType ([AzureVmRole.VMImage])
            $image.OSState, $image.Label, $image.SourceVMName | Should -Be 'Generalized', 'After set-up', 'web1'
            $image.MediaLink | Should -Not -Be $disk.MediaLink
            (Get-VhdBlob).Uri | Should -Contain $image.MediaLink
            (Get-VhdBlob).Uri | Should -Contain $disk.MediaLink
            $image.DataDisks.Lun, $image.DataDisks.HostCaching, $image.DataDisks.DiskName | Should -Be 3, 'ReadOnly', 'web1-data3'
            Get-VMInstance web1* | Should -BeNullOrEmpty
            Get-VMDisk web1* | Where-Object AttachedTo | Should -BeNullOrEmpty
        }

        It 'keeps a specialised instance with -KeepVMInstance, and remembers its data disks, too' {
            $image = Get-VMInstance web2 | Save-VMImage -ImageName image2 -OSState Specialized -KeepVMInstance -Confirm:$false
            $image.OSState, $image.SourceVMName, $image.DataDisks.Lun | Should -Be 'Specialized', 'web2', 5
            (Start-VMInstance web2 -PassThru).Status | Should -Be 'Running'
        }

        It 'offers the data disks again' {
            $instance = New-VMInstance web4 image1 @Account -Size Standard_B2s -WarningAction Ignore
            foreach ($disk in (Get-VMImage image1).DataDisks) {
                $null = $instance | Add-DataDisk -Import $disk.DiskName -LUN $disk.Lun -HostCaching $disk.HostCaching
            }

            ($instance | Update-VMInstance).DataDisks.DiskName | Should -Be 'web1-data3'
        }
    }

    Context 'Help' {
        It 'has examples' {
            Assert-Help Save-VMImage
        }
    }
}
