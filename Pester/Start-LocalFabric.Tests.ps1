BeforeAll {
    . $PSScriptRoot/Disks.ps1
    . $PSScriptRoot/Stores.ps1
    . $PSScriptRoot/Fabrics.ps1
}

AfterAll { Remove-TestFabric }

Describe 'Start-LocalFabric' {
    Context 'WhatIf' {
        It 'writes nothing with -WhatIf' {
            Start-LocalFabric -WhatIf
            Get-ChildItem $env:AZUREVMROLE_HOME | Should -BeNullOrEmpty
        }
    }

    Context 'Parameters' {
        It 'starts a fabric, which outlives the session that started it' {
            Invoke-Fresh '(Start-LocalFabric).Status' | Should -Match '^Running\s*$'
            $fabric = Get-LocalFabric
            $fabric | Should -BeOfType ([AzureVmRole.LocalFabricState])
            $fabric.Status, $fabric.HomePath | Should -Be 'Running', $env:AZUREVMROLE_HOME
            $fabric.Locations | Should -Be 'local1', 'local2'
            $fabric.Thumbprint | Should -Match '^[0-9A-F]{64}$'
        }

        It 'leaves the terminal to who started it' -Skip:(-not $IsLinux -or -not (Get-Command script -CommandType Application -ErrorAction Ignore)) {
            $folder = New-Home 'terminal'
            $command = "Import-Module '$ManifestPath'; `$null = Start-LocalFabric '$folder'; Get-Content /proc/self/stat, /proc/`$((Get-LocalFabric '$folder').ProcessId)/stat"
            $stats = script -qec "$PSHOME/pwsh -NoProfile -NonInteractive -EncodedCommand $([Convert]::ToBase64String([Text.Encoding]::Unicode.GetBytes($command)))" /dev/null |
                Where-Object { $_ -match '\d+ \(.*\) [A-Z] ' } | ForEach-Object { , ($_ -replace '^.*\) ' -split ' ') }

            # Process group and session of PowerShell and of the fabric, and the group that stands in front of the terminal (proc(5)).
            $stats | Should -HaveCount 2
            $stats[0][5] | Should -Be $stats[0][2]
            $stats[1][3] | Should -Not -Be $stats[0][3]
            Stop-LocalFabric $folder
        }

        It 'gives one that runs already as it is' {
            (Start-LocalFabric).ProcessId | Should -Be (Get-LocalFabric).ProcessId
        }

        It 'says that options of one that runs already do not count' {
            $null = Start-LocalFabric -Location local2, LOCAL1 -Port (Get-LocalFabric).Endpoint.Port -WarningVariable none
            $none | Should -BeNullOrEmpty
            (Start-LocalFabric -Location elsewhere -WarningVariable warnings -WarningAction SilentlyContinue).Locations | Should -Be 'local1', 'local2'
            "$warnings" | Should -BeLike '*runs already*local1, local2*'
        }

        It 'gives all who start at once the same one' {
            $folder = New-Home 'crowd'
            $manifest = $ManifestPath
            $found = 1..4 | ForEach-Object -Parallel {
                Import-Module $using:manifest
                Start-LocalFabric $using:folder
            }
            $found.ProcessId | Should -HaveCount 4
            $found.ProcessId | Sort-Object -Unique | Should -Be (Get-LocalFabric $folder).ProcessId
            Stop-LocalFabric $folder
        }

        It 'keeps secrets to its user' -Skip:$IsWindows {
            Get-ChildItem (Join-Path $env:AZUREVMROLE_HOME fabric) -File | Where-Object Name -In token, certificate.pfx | ForEach-Object {
                [string] $_.UnixFileMode | Should -Be 'UserWrite, UserRead'
            }
            [string] (Get-Item (Join-Path $env:AZUREVMROLE_HOME fabric)).UnixFileMode | Should -Not -BeLike '*Other*'
        }

        It 'takes -HomePath, -Location, -Port and -SimulatedLatency' {
            $listener = [System.Net.Sockets.TcpListener]::new('127.0.0.1', 0)
            $listener.Start()
            $port = $listener.LocalEndpoint.Port
            $folder = New-Home 'second'
            Assert-Failure (Get-Failure { Start-LocalFabric $folder -Port $port }) RequestInvalid InvalidArgument $folder
            $listener.Stop()

            $fabric = Start-LocalFabric $folder -Location east, west -Port $port -SimulatedLatency 00:00:00.2
            $fabric.Endpoint.Port | Should -Be $port
            $fabric.Locations | Should -Be 'east', 'west'
            (Connect-Fabric -HomePath $folder).Location | Should -Be 'east'
        }

        It 'starts again at the same port after its process was killed' {
            $folder = Join-Path $FabricRoot 'second'
            $killed = Get-LocalFabric $folder
            $process = [System.Diagnostics.Process]::GetProcessById($killed.ProcessId)
            $process.Kill()
            $process.WaitForExit()
            (Get-LocalFabric $folder).Status | Should -Be 'Stopped'
            $started = Start-LocalFabric $folder -Location east, west -Port $killed.Endpoint.Port
            $started.Endpoint | Should -Be $killed.Endpoint
            $started.ProcessId | Should -Not -Be $killed.ProcessId
        }
    }

    Context 'Errors' {
        It 'says who has the home folder' {
            $note = Join-Path $env:AZUREVMROLE_HOME fabric/fabric.json
            $text = Get-Content -Raw $note
            Remove-Item $note
            $failure = Get-Failure { Start-LocalFabric }
            [System.IO.File]::WriteAllText($note, $text)
            Assert-Failure $failure FabricInUse ResourceBusy $env:AZUREVMROLE_HOME
            $failure.Exception.Message | Should -BeLike "*$((Get-LocalFabric).ProcessId)*"
        }

        It 'leaves a damaged database as it is' {
            $folder = New-Home 'damaged'
            $null = Start-LocalFabric $folder
            Stop-LocalFabric $folder
            $database = Join-Path $folder fabric/fabric.db
            [System.IO.File]::WriteAllText($database, 'damaged' * 1000)
            Assert-Failure (Get-Failure { Start-LocalFabric $folder }) FabricDamaged InvalidData $folder
            Get-Content -Raw $database | Should -BeLike 'damageddamaged*'
            (Get-LocalFabric $folder).Status | Should -Be 'Stopped'
        }

        It 'refuses a token that others can read' -Skip:$IsWindows {
            $folder = New-Home 'open'
            $null = Start-LocalFabric $folder
            Stop-LocalFabric $folder
            [System.IO.File]::SetUnixFileMode((Join-Path $folder fabric/token), 'UserRead, UserWrite, OtherRead')
            Assert-Failure (Get-Failure { Start-LocalFabric $folder }) AccessDenied PermissionDenied $folder
        }

        It 'refuses port 0 and locations that are none' {
            { Start-LocalFabric -Port 0 } | Should -Throw -ErrorId 'ParameterArgumentValidationError,*'
            $folder = New-Home 'names'
            $failure = Get-Failure { Start-LocalFabric $folder -Location '../up' }
            @($failure).Count | Should -Be 1
            Assert-Failure $failure RequestInvalid InvalidArgument $folder
            $failure.Exception.Message | Should -BeLike "*'../up' is no location*"
            $failure.Exception.Message | Should -Not -BeLike '*azvmrole-fabric --home*'
            Get-ChildItem $FabricRoot -Recurse -Directory | ForEach-Object Name | Should -Not -Contain 'up'
        }
    }

    Context 'Formatting' {
        It 'shows a table, and help with examples' {
            Get-LocalFabric | Format-Table | Out-String -Width 80 | Should -Match '(?m)^Running +\d+ https://127\.0\.0\.1:\d+/'
            Assert-Help Start-LocalFabric
        }
    }
}
