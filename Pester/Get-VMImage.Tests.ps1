BeforeAll {
    . $PSScriptRoot/Disks.ps1
    . $PSScriptRoot/Stores.ps1
    . $PSScriptRoot/Fabrics.ps1
    Start-TestFabric
    Add-Image server, web1, web2
}

AfterAll { Remove-TestFabric }

Describe 'Get-VMImage' {
    Context 'Parameters' {
        It 'shows all images, some, and one' {
            (Get-VMImage).ImageName | Should -Be 'server', 'web1', 'web2'
            (Get-VMImage web*).ImageName | Should -Be 'web1', 'web2'
            (Get-VMImage WEB[2]).ImageName | Should -Be 'web2'
            Get-VMImage server | Should -BeOfType ([AzureVmRole.VMImage])
            (Get-VMImage -Name web1, server -ResourceGroupName azvmrole).ImageName | Should -Be 'web1', 'server'
            Get-VMImage none* | Should -BeNullOrEmpty
        }

        It 'remembers the data disks of a captured instance, as many as there were' {
            Add-Instance big -Size Standard_D8s_v5
            $instance = Get-VMInstance big
            0..9 | ForEach-Object { $null = $instance | Add-DataDisk -CreateNew 1 -LUN (2 * $_) -HostCaching ReadOnly }
            $null = $instance | Update-VMInstance
            Stop-VMInstance big
            $image = Save-VMImage big captured -OSState Generalized -Confirm:$false
            $image.DataDisks.Lun | Should -Be (0..9 | ForEach-Object { 2 * $_ })
            $last = $image.DataDisks | Select-Object -Last 1
            $last.DiskName, $last.HostCaching | Should -Be 'big-data18', 'ReadOnly'
            (Get-VMImage captured).DataDisks.Count | Should -Be 10
        }
    }

    Context 'Pipeline' {
        It 'takes names and images' {
            ('web1', 'server' | Get-VMImage).ImageName | Should -Be 'web1', 'server'
            (Get-VMImage web2 | Get-VMImage).ImageName | Should -Be 'web2'
        }
    }

    Context 'Errors' {
        It 'says which one does not exist, and goes on with the others' {
            (Get-VMImage missing, web1 -ErrorAction SilentlyContinue -ErrorVariable failure).ImageName | Should -Be 'web1'
            Assert-Failure $failure ResourceNotFound ObjectNotFound missing
        }

        It 'needs a fabric' {
            Assert-NeedsFabric { Get-VMImage }
        }
    }

    Context 'Formatting' {
        It 'shows a table, completes names, and help with examples' {
            Assert-Table (Get-VMImage server) '^server +Linux +Generalized +local1'
            Get-Completion 'Get-VMImage w' | Should -Be 'web1', 'web2'
            Assert-Help Get-VMImage
        }
    }
}
