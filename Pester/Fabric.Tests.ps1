BeforeAll {
    . $PSScriptRoot/Disks.ps1
    . $PSScriptRoot/Stores.ps1
    . $PSScriptRoot/Fabrics.ps1
    Start-TestFabric
    $local1 = Join-Path $env:AZUREVMROLE_HOME store/local1
}

AfterAll { Remove-TestFabric }

# A day of an administrator: each step builds on the one before.
Describe 'The life of an image' {
    It 'publishes a base, registers it, and makes instances with VHDs of their own' {
        $null = Publish-BaseVhd (New-SmallDisk (Join-Path $TestDrive base.raw)) vhds/base.vhd -DataDisk
        $null = Add-VMImage base vhds/base.vhd Linux -Label 'The first'
        $instances = 1..3 | ForEach-Object { New-VMInstance "web$_" base @Account -Size Standard_B2s -WarningAction Ignore }
        $instances.Status | Should -Be 'Running', 'Running', 'Running'
        @($instances.OSDisk.MediaLink | Sort-Object -Unique).Count | Should -Be 3
    }

    It 'changes the disks of one with one request' {
        Add-Vhd vhds/data.vhd
        $before = (Get-AuditLine).Count
        $updated = Get-VMInstance web1 | Set-OSDisk -HostCaching ReadOnly | Add-DataDisk -ImportFrom -MediaLocation vhds/data.vhd -LUN 0 |
            Add-DataDisk -CreateNew 1 -DiskLabel logs -HostCaching ReadOnly | Update-VMInstance
        Get-Change $before | Should -Be 'PUT virtualMachines/web1'
        $updated.DataDisks.DiskName | Should -Be 'web1-data0', 'web1-logs'
    }

    It 'captures it, makes another one from that, and gives it the data disks' {
        Get-VMInstance web1 | Stop-VMInstance -PassThru | Save-VMImage -ImageName golden -OSState Generalized -Confirm:$false | Should -Not -BeNullOrEmpty
        $second = New-VMInstance web4 golden @Account -Size Standard_B2s -WarningAction Ignore
        (Get-VMImage golden).DataDisks | ForEach-Object { $null = $second | Add-DataDisk -Import $_.DiskName -LUN $_.Lun -HostCaching $_.HostCaching }
        ($second | Update-VMInstance).DataDisks.DiskName | Should -Be 'web1-data0', 'web1-logs'
    }

    It 'finds no orphan while everything is registered, attached or not, in a session that nobody has connected' {
        @(Get-VMDisk | Where-Object { -not $_.AttachedTo }).Count | Should -Be 1
        Disconnect-Fabric
        $found = Get-OrphanVhd -MinimumAge 0
        $found.Count | Should -Be 8
        $found.Where({ $_.IsOrphan }) | Should -BeNullOrEmpty
        $null = Connect-Fabric
    }

    It 'finds the VHD of a removed disk, and removes it alone' {
        $disk = Get-VMDisk | Where-Object { -not $_.AttachedTo }
        $disk | Remove-VMDisk -Confirm:$false
        $orphans = Get-OrphanVhd -MinimumAge 0 -OrphanOnly
        $orphans.Uri | Should -Be $disk.MediaLink
        ($orphans | Remove-OrphanVhd -MinimumAge 0 -Confirm:$false).Removed | Should -Be $true
        (Get-VhdBlob).Uri | Should -Not -Contain $disk.MediaLink
        (Get-VhdBlob).Count | Should -Be 7
    }

    It 'keeps a VHD that is registered between the report and the removal' {
        Add-Vhd vhds/late.vhd
        $orphans = Get-OrphanVhd -MinimumAge 0 -OrphanOnly
        $orphans.Name | Should -Be 'vhds/late.vhd'
        $null = Add-VMDisk late vhds/late.vhd
        Disconnect-Fabric
        $kept = $orphans | Remove-OrphanVhd -MinimumAge 0 -Confirm:$false
        $kept.Removed | Should -Be $false
        $kept.Reasons.Code | Should -Contain 'Referenced'
        Get-BlobName $local1 | Should -Contain 'vhds/late.vhd'
        $null = Connect-Fabric
    }

    It 'knows the store by a link, too' -Skip:$IsWindows {
        $link = Join-Path $TestDrive 'link'
        $null = New-Item -ItemType SymbolicLink $link -Target $local1
        $found = Get-OrphanVhd -StorePath $link -MinimumAge 0
        $found.Count | Should -Be 8
        $found.Where({ $_.IsOrphan }) | Should -BeNullOrEmpty
        $null = New-Item -ItemType SymbolicLink "$link-home" -Target $env:AZUREVMROLE_HOME
        (Get-OrphanVhd -StorePath "$link-home/store/local1" -MinimumAge 0).Where({ $_.IsOrphan }) | Should -BeNullOrEmpty
    }

    It 'searches no store of a fabric that does not run' {
        Add-Vhd vhds/free.vhd
        $orphan = Get-OrphanVhd -MinimumAge 0 -OrphanOnly
        $orphan.Name | Should -Be 'vhds/free.vhd'
        Stop-TestFabric
        $failure = Get-Failure { Get-OrphanVhd -MinimumAge 0 }
        Assert-Failure $failure FabricUnreachable ConnectionError $env:AZUREVMROLE_HOME
        $failure.ErrorDetails.RecommendedAction | Should -BeLike '*Start-LocalFabric*'
        Assert-Failure (Get-Failure { $orphan | Remove-OrphanVhd -MinimumAge 0 -Confirm:$false }) FabricUnreachable ConnectionError $env:AZUREVMROLE_HOME
        Start-TestFabric
        Get-BlobName $local1 | Should -Contain 'vhds/free.vhd'
        ($orphan | Remove-OrphanVhd -MinimumAge 0 -Confirm:$false).Removed | Should -Be $true
    }

    It 'has everything again after it was stopped and started' {
        (Get-VMInstance).Name | Sort-Object | Should -Be 'web2', 'web3', 'web4'
        (Get-VMInstance web4).DataDisks.Lun | Should -Be 0, 1
    }

    It 'cleans up' {
        Get-VMInstance | Remove-VMInstance -Confirm:$false
        Get-VMDisk | Remove-VMDisk -DeleteVhd -Confirm:$false
        Get-VMImage | Remove-VMImage -DeleteVhd -Confirm:$false
        Get-VhdBlob | Should -BeNullOrEmpty
    }
}

Describe 'Many at once' {
    It 'serves parallel sessions' {
        Add-Image server
        $manifest = $ManifestPath
        $known = $Account
        $made = 1..6 | ForEach-Object -Parallel {
            Import-Module $using:manifest
            $account = $using:known
            $instance = New-VMInstance "job$_" server @account -WarningAction Ignore
            ($instance | Add-DataDisk -CreateNew 1 | Update-VMInstance).DataDisks.Lun
        } -ThrottleLimit 4
        $made | Should -Be (, 0 * 6)
        (Get-VMInstance job*).Count | Should -Be 6
    }

    It 'loses no change of sessions that change the same instance' {
        $null = New-VMInstance shared server @Account -Size Standard_D8s_v5 -WarningAction Ignore
        $manifest = $ManifestPath
        $null = 0..5 | ForEach-Object -Parallel {
            Import-Module $using:manifest
            $lun = $_
            foreach ($try in 1..20) {
                Get-VMInstance shared | Add-DataDisk -CreateNew 1 -LUN $lun | Update-VMInstance -ErrorAction SilentlyContinue -ErrorVariable failure
                if (-not $failure) { break }
            }
        } -ThrottleLimit 3
        (Get-VMInstance shared).DataDisks.Lun | Should -Be (0..5)
    }
}
