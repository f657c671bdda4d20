BeforeAll {
    . $PSScriptRoot/Disks.ps1
}

Describe 'Repair-BaseVhd' {
    BeforeEach {
        $folder = New-Folder 'repair'
        $path = Join-Path $folder 'disk.vhd'
        $raw = Join-Path $folder 'disk.raw'
        New-RawImage $raw 32MB
        Convert-BaseVhd $raw $path -DeleteSource
        $hash = Get-ContentHash $path 32MB
        Set-FileByte $path (32MB + 64) ([byte[]]::new(4))
    }

    Context 'Parameters' {
        It 'mends a checksum and reports it' {
            (Test-BaseVhd $path -DataDisk).IsReady | Should -BeFalse
            $report = Repair-BaseVhd $path
            $report | Should -BeOfType ([AzureVmRole.RepairReport])
            $report.Path | Should -Be $path
            $report.Repaired.Count | Should -BeGreaterThan 0
            (Test-BaseVhd $path -DataDisk).IsReady | Should -BeTrue
            Get-ContentHash $path 32MB | Should -Be $hash
        }

        It 'mends a dynamic footer from its copy' {
            $dynamic = Join-Path $folder 'dynamic.vhd'
            $null = New-BaseVhd $dynamic 32MB -Dynamic
            Set-FileByte $dynamic ((Get-Item $dynamic).Length - 512) ([byte[]]::new(512))
            (Repair-BaseVhd -LiteralPath $dynamic).Repaired | Should -Not -BeNullOrEmpty
            $bytes = [System.IO.File]::ReadAllBytes($dynamic)
            [System.Convert]::ToHexString($bytes, $bytes.Length - 512, 512) |
                Should -Be ([System.Convert]::ToHexString($bytes, 0, 512)) -Because 'the copy at the start was whole'
            (Test-BaseVhd $dynamic).Findings.RuleId | Should -Not -Contain 'VhdFooterTail'
        }

        It 'finds nothing to do the second time' {
            $null = Repair-BaseVhd $path
            $state = Get-FolderState $folder
            (Repair-BaseVhd $path).Repaired | Should -BeNullOrEmpty
            Get-FolderState $folder | Should -Be $state
        }
    }

    Context 'Pipeline' {
        It 'takes files and objects' {
            (Get-ChildItem $folder -Filter *.vhd | Repair-BaseVhd).Path | Should -Be $path
            (Test-BaseVhd $path | Repair-BaseVhd).Path | Should -Be $path
        }
    }

    Context 'WhatIf' {
        It 'touches nothing' {
            $before = Get-FolderState $folder
            Repair-BaseVhd $path -WhatIf | Should -BeNullOrEmpty
            Get-FolderState $folder | Should -Be $before
        }

        It 'names the rules that it would mend' {
            $rule = (Test-BaseVhd $path -DataDisk).Findings.Where({ $_.CanRepair })[0].RuleId
            Invoke-Fresh "Repair-BaseVhd '$path' -WhatIf" | Should -BeLike "*Repair*$rule*'$path'*"
        }
    }

    Context 'Errors' {
        It 'names a missing file' {
            $missing = Join-Path $folder 'missing.vhd'
            Assert-Failure (Get-Failure { Repair-BaseVhd $missing }) FileNotFound ObjectNotFound $missing
        }

        It 'refuses a folder' {
            Assert-Failure (Get-Failure { Repair-BaseVhd $folder }) PathIsFolder InvalidArgument $folder
        }
    }

    Context 'Stop' {
        It 'does not go on when the pipeline has enough' {
            $second = Join-Path $folder 'second.vhd'
            Copy-Item $path $second
            $before = (Get-FileHash $second).Hash
            $path, $second | Repair-BaseVhd | Select-Object -First 1 | Should -HaveCount 1
            (Get-FileHash $second).Hash | Should -Be $before
        }
    }

    Context 'Formatting' {
        It 'shows a report as a list' {
            $text = Repair-BaseVhd $path | Out-String -Width 100
            $text | Should -Match '(?m)^Path +: '
            $text | Should -Match '(?m)^Repaired +: \{'
            $text | Should -Match '(?m)^Remaining +: \{'
        }
    }
}
