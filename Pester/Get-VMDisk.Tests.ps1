BeforeAll {
    . $PSScriptRoot/Disks.ps1
    . $PSScriptRoot/Stores.ps1
    . $PSScriptRoot/Fabrics.ps1
    Start-TestFabric
    Add-Image server
    Add-Instance web1
    Add-Vhd vhds/a.vhd, vhds/b.vhd
    $null = Add-VMDisk data-a vhds/a.vhd
    $null = Add-VMDisk data-b vhds/b.vhd
}

AfterAll { Remove-TestFabric }

Describe 'Get-VMDisk' {
    Context 'Parameters' {
        It 'shows all disks, some, and one' {
            (Get-VMDisk).Count | Should -Be 3
            (Get-VMDisk data-*).DiskName | Should -Be 'data-a', 'data-b'
            (Get-VMDisk data-[b-z]).DiskName | Should -Be 'data-b'
            (Get-VMDisk -Name DATA-B -ResourceGroupName azvmrole).DiskName | Should -Be 'data-b'
            Get-VMDisk none* | Should -BeNullOrEmpty
        }

        It 'says who has a disk, and from which image it was made' {
            $disk = Get-VMDisk (Get-VMInstance web1).OSDisk.DiskName
            $disk | Should -BeOfType ([AzureVmRole.VMDisk])
            $disk.AttachedTo, $disk.DiskState, $disk.SourceImageName, $disk.OS | Should -Be 'web1', 'Attached', 'server', 'Linux'
        }
    }

    Context 'Pipeline' {
        It 'takes names and disks' {
            ('data-b', 'data-a' | Get-VMDisk).DiskName | Should -Be 'data-b', 'data-a'
            (Get-VMDisk data-a | Get-VMDisk).DiskName | Should -Be 'data-a'
            (Get-VMInstance web1 | Get-OSDisk | Get-VMDisk).AttachedTo | Should -Be 'web1'
        }
    }

    Context 'Errors' {
        It 'says which one does not exist' {
            (Get-VMDisk missing, data-a -ErrorAction SilentlyContinue -ErrorVariable failure).DiskName | Should -Be 'data-a'
            Assert-Failure $failure ResourceNotFound ObjectNotFound missing
        }

        It 'needs a fabric' {
            Assert-NeedsFabric { Get-VMDisk }
        }
    }

    Context 'Formatting' {
        It 'shows a table, completes names, and help with examples' {
            Assert-Table (Get-VMDisk data-a) '^ +1 Unattached +data-a'
            Assert-Table (Get-VMDisk) '^ +1 Attached +web1 +web1_OsDisk_1_[0-9a-f]{32}'
            Get-Completion 'Get-VMDisk data' | Should -Be 'data-a', 'data-b'
            Assert-Help Get-VMDisk
        }
    }
}
