BeforeAll {
    . $PSScriptRoot/Disks.ps1
    . $PSScriptRoot/Stores.ps1
    . $PSScriptRoot/Fabrics.ps1
    Start-TestFabric
    Add-Image server
    Add-Instance web1, web2, db1
    $null = Invoke-Fabric PUT '../../../other' @{ location = 'local1' }
    $null = New-VMInstance far1 (Get-VMImage server).Id @Account -ResourceGroupName other -WarningAction Ignore
}

AfterAll { Remove-TestFabric }

Describe 'Get-VMInstance' {
    Context 'Parameters' {
        It 'shows all instances of all resource groups without a name' {
            (Get-VMInstance).Name | Sort-Object | Should -Be 'db1', 'far1', 'web1', 'web2'
        }

        It 'shows one by its name, in any case of letters' {
            $instance = Get-VMInstance WEB1
            $instance | Should -BeOfType ([AzureVmRole.VMInstance])
            $instance.Name | Should -Be 'web1'
            $instance.HostKind | Should -Be 'Simulated'
            $instance.Id | Should -BeLike '/subscriptions/*/virtualMachines/web1'
            $instance.PendingChanges | Should -BeNullOrEmpty
            $instance.OSDisk.MediaLink | Should -BeLike 'file:///*.vhd'
        }

        It 'takes wildcards, and finds nothing without an error' {
            (Get-VMInstance web*).Name | Should -Be 'web1', 'web2'
            (Get-VMInstance w?b2).Name | Should -Be 'web2'
            Get-VMInstance none* | Should -BeNullOrEmpty
        }

        It 'takes several names, and a resource group' {
            (Get-VMInstance web1, db1).Name | Should -Be 'web1', 'db1'
            (Get-VMInstance far1 -ResourceGroupName other).Name | Should -Be 'far1'
            (Get-VMInstance -ResourceGroupName azvmrole).Name | Should -Not -Contain 'far1'
        }

        It 'tells the VHDs of disks in a list as it does alone' {
            (Get-VMInstance web*)[0].OSDisk.MediaLink | Should -Be (Get-VMInstance web1).OSDisk.MediaLink
        }
    }

    Context 'Pipeline' {
        It 'takes names and instances, and stops a pipeline in the middle' {
            ('web1', 'web2' | Get-VMInstance).Name | Should -Be 'web1', 'web2'
            (Get-VMInstance far1 -ResourceGroupName other | Get-VMInstance).Name | Should -Be 'far1'
            @(Get-VMInstance | Select-Object -First 1).Count | Should -Be 1
        }

        It 'works in parallel runspaces, which connect for themselves' {
            $manifest = $ManifestPath
            $names = 'web1', 'web2', 'db1' | ForEach-Object -Parallel {
                Import-Module $using:manifest
                (Get-VMInstance $_).Name
            } -ThrottleLimit 3
            $names | Sort-Object | Should -Be 'db1', 'web1', 'web2'
        }

        It 'works in a job' {
            $manifest = $ManifestPath
            $job = Start-ThreadJob { Import-Module $using:manifest; Get-VMInstance web1 }
            (Receive-Job $job -Wait -AutoRemoveJob).Name | Should -Be 'web1'
        }
    }

    Context 'Errors' {
        It 'says which one does not exist, and goes on with the others' {
            $found = Get-VMInstance web1, missing, web2 -ErrorAction SilentlyContinue -ErrorVariable failure
            $found.Name | Should -Be 'web1', 'web2'
            Assert-Failure $failure ResourceNotFound ObjectNotFound missing
        }

        It 'does not find an instance of another resource group by name' {
            Assert-Failure (Get-Failure { Get-VMInstance far1 }) ResourceNotFound ObjectNotFound far1
            Assert-Failure (Get-Failure { Get-VMInstance web1 -ResourceGroupName other }) ResourceNotFound ObjectNotFound web1
        }

        It 'refuses an empty name' {
            { Get-VMInstance '' } | Should -Throw -ErrorId 'ParameterArgumentValidationError,*'
        }

        It 'needs a fabric' {
            Assert-NeedsFabric { Get-VMInstance }
        }
    }

    Context 'Formatting' {
        It 'shows a table, completes names, and help with examples' {
            Assert-Table (Get-VMInstance web1) '^web1 +Running +Simulated +Standard_B2s +server'
            Get-Completion 'Get-VMInstance we' | Should -Be 'web1', 'web2'
            Assert-Help Get-VMInstance
        }

        It 'completes names in a session that nobody has connected' {
            Disconnect-Fabric
            Get-Completion 'Get-VMInstance d' | Should -Be 'db1'
            Get-FabricConnection | Should -BeNullOrEmpty
        }
    }
}
