BeforeDiscovery {
    . $PSScriptRoot/Guests.ps1
    $noGuests = -not (Test-GuestTool)
}

BeforeAll {
    . $PSScriptRoot/Disks.ps1
    . $PSScriptRoot/Stores.ps1
    . $PSScriptRoot/Fabrics.ps1
    . $PSScriptRoot/Guests.ps1
}

AfterAll {
    Remove-TestFabric
}

Describe 'A virtual machine that runs' -Skip:$noGuests {
    BeforeAll {
        $folder = New-Folder 'guests'
        $fabric = Start-LocalFabric -HostKind Qemu
        $null = Connect-Fabric
        $null = Convert-BaseVhd (New-Guest 'good') (Join-Path $folder 'tiny.vhd')
        $null = Publish-BaseVhd (Join-Path $folder 'tiny.vhd') vhds/tiny.vhd -StorePath (Join-Path $env:AZUREVMROLE_HOME 'store' 'local1')
        $null = Add-VMImage tiny vhds/tiny.vhd -OS Linux
        $made = New-VMInstance web1 -ImageName tiny -Size Standard_B1ls @Account -CustomData "#cloud-config`nhostname: other"
    }

    It 'is provisioned by its own agent, and shows how to get at it' {
        $fabric.HostKind | Should -Be 'Qemu'
        $made.Status | Should -Be 'Running'
        $made.HostKind | Should -Be 'Qemu'
        $made.AgentVersion | Should -Be 'TinyAgent'
        $made.AgentStatus | Should -Be 'Ready'
        $made.Endpoint | Should -Match '^127\.0\.0\.1:\d+$'
        $made.SerialConsoleLog.LocalPath | Should -FileContentMatch "tiny: provisioned as web1 user $($Account.AdminUserName)"
        $made.SerialConsoleLog.LocalPath | Should -FileContentMatch 'tiny: custom data #cloud-config'
    }

    It 'gets a data disk while it runs, shuts down, and starts again' {
        $null = Get-VMInstance web1 | Add-DataDisk -CreateNew -DiskSizeInGB 1 -DiskLabel logs -LUN 3 | Update-VMInstance
        $console = $made.SerialConsoleLog.LocalPath
        $limit = [DateTime]::UtcNow.AddMinutes(1)
        while (-not (Select-String -Quiet '0:0:1:3=2097152' $console) -and [DateTime]::UtcNow -lt $limit) { $null = Get-VMInstance web1 }
        $console | Should -FileContentMatch '0:0:1:3=2097152'
        Stop-VMInstance web1
        $stopped = Get-VMInstance web1
        $stopped.Status | Should -Be 'Stopped'
        $stopped.SerialConsoleLog.LocalPath | Should -FileContentMatch 'tiny: power button'
        (Start-VMInstance web1 -PassThru).Status | Should -Be 'Running'
    }

    It 'leaves no process and no secret behind' {
        Remove-VMInstance web1 -Confirm:$false
        Get-ChildItem (Join-Path $env:AZUREVMROLE_HOME 'instances') -Recurse | Should -BeNullOrEmpty
    }
}

Describe 'The kind of a fabric' {
    It 'cannot be changed while it runs' {
        $folder = New-Home 'kinds'
        (Start-LocalFabric $folder -HostKind Simulated).HostKind | Should -Be 'Simulated'
        $null = Start-LocalFabric $folder -HostKind Qemu -WarningVariable warnings -WarningAction SilentlyContinue
        $warnings | Should -BeLike '*runs already*-HostKind*'
        (Get-LocalFabric $folder).HostKind | Should -Be 'Simulated'
    }
}
