BeforeAll {
    . $PSScriptRoot/Disks.ps1
    $folder = New-Folder 'get'
    $fixed = Join-Path $folder 'fixed.vhd'
    $dynamic = Join-Path $folder 'dynamic.vhd'
    $difference = Join-Path $folder 'difference.vhd'
    $null = New-BaseVhd -Path $fixed -SizeBytes 32MB
    $null = New-BaseVhd -Path $dynamic -SizeBytes 64MB -Dynamic
    $null = New-DifferencingVhd -Path $difference -ParentPath $dynamic
}

Describe 'Get-BaseVhd' {
    Context 'Parameters' {
        It 'shows a fixed disk with the property names of Get-VHD' {
            $disk = Get-BaseVhd -Path $fixed
            $disk | Should -BeOfType ([AzureVmRole.BaseVhd])
            $disk.Path | Should -Be $fixed
            $disk.VhdFormat | Should -Be 'Vhd'
            $disk.VhdType | Should -Be 'Fixed'
            $disk.Size | Should -Be 32MB
            $disk.FileSize | Should -Be (32MB + 512)
            $disk.LogicalSectorSize | Should -Be 512
            $disk.BlockSize | Should -Be 0
            $disk.ParentPath | Should -BeNullOrEmpty
            $disk.DiskIdentifier | Should -Not -Be ([guid]::Empty)
        }

        It 'shows the parent of a difference' {
            $disk = Get-BaseVhd -Path $difference
            $disk.VhdType | Should -Be 'Differencing'
            $disk.ParentPath | Should -Be $dynamic
            $disk.Size | Should -Be 64MB
        }

        It 'reads <Extension> too' -ForEach @(
            @{ Extension = 'vhdx'; Format = 'Vhdx' }
            @{ Extension = 'raw'; Format = 'Raw' }
        ) {
            $path = Join-Path $folder "other.$Extension"
            Convert-BaseVhd -Path $fixed -DestinationPath $path -Force
            (Get-BaseVhd $path).VhdFormat | Should -Be $Format
        }

        It 'resolves a relative path at the current location' {
            Push-Location $folder
            try {
                (Get-BaseVhd fixed.vhd).Path | Should -Be $fixed
                (Get-BaseVhd -LiteralPath ./fixed.vhd).Path | Should -Be $fixed
            }
            finally {
                Pop-Location
            }
        }

        It 'resolves a PowerShell drive' {
            (Get-BaseVhd TestDrive:/get/fixed.vhd).Path | Should -Be $fixed
        }

        It 'takes wildcards in -Path' {
            (Get-BaseVhd -Path (Join-Path $folder '*d*.vhd')).Path | Sort-Object | Should -Be @($difference, $dynamic, $fixed)
        }

        It 'writes nothing when a wildcard matches nothing' {
            Get-BaseVhd -Path (Join-Path $folder 'no*such.vhd') | Should -BeNullOrEmpty
        }

        It 'takes -LiteralPath letter by letter' {
            $odd = Join-Path $folder 'a[1].vhd'
            Copy-Item -LiteralPath $fixed -Destination $odd
            (Get-BaseVhd -LiteralPath $odd).Path | Should -Be $odd
            Get-BaseVhd -Path $odd | Should -BeNullOrEmpty
            Remove-Item -LiteralPath $odd
        }

        It 'completes disks and folders only' {
            $null = New-Item -ItemType Directory (Join-Path $folder 'complete/deeper') -Force
            Copy-Item $fixed (Join-Path $folder 'complete/a.vhd')
            Set-Content (Join-Path $folder 'complete/note.txt') 'x'
            $line = "Get-BaseVhd $folder/complete/"
            $found = (TabExpansion2 $line $line.Length).CompletionMatches.ListItemText
            $found | Should -Be @('a.vhd', 'deeper')
        }
    }

    Context 'Pipeline' {
        It 'takes files of Get-ChildItem' {
            (Get-ChildItem $folder -Filter '*.vhd' | Get-BaseVhd).Count | Should -Be 3
        }

        It 'takes names' {
            ($fixed, $dynamic | Get-BaseVhd).Path | Should -Be @($fixed, $dynamic)
        }

        It 'takes its own objects, also with brackets in the name' {
            $odd = Join-Path $folder 'b[2].vhd'
            Copy-Item -LiteralPath $fixed -Destination $odd
            (Get-BaseVhd -LiteralPath $odd | Get-BaseVhd).Path | Should -Be $odd
            Remove-Item -LiteralPath $odd
        }

        It 'goes on after a bad input' {
            $failed = $null
            $disks = $fixed, (Join-Path $folder 'missing.vhd'), $dynamic |
                Get-BaseVhd -ErrorAction SilentlyContinue -ErrorVariable failed
            $disks.Path | Should -Be @($fixed, $dynamic)
            $failed.Count | Should -Be 1
        }
    }

    Context 'Errors' {
        It 'names a missing file' {
            $missing = Join-Path $folder 'missing.vhd'
            Assert-Failure (Get-Failure { Get-BaseVhd -Path $missing }) FileNotFound ObjectNotFound $missing
            Assert-Failure (Get-Failure { Get-BaseVhd -LiteralPath $missing }) FileNotFound ObjectNotFound $missing
        }

        It 'refuses a folder' {
            Assert-Failure (Get-Failure { Get-BaseVhd -Path $folder }) PathIsFolder InvalidArgument $folder
        }

        It 'refuses another provider' {
            Assert-Failure (Get-Failure { Get-BaseVhd -Path Env:/PATH }) PathNotFileSystem InvalidArgument 'Env:/PATH'
            Assert-Failure (Get-Failure { Get-BaseVhd -Path Env:/P* }) PathNotFileSystem InvalidArgument 'Env:/P*'
        }

        It 'names a drive that does not exist' {
            $path = 'NoSuchDrive:/a.vhd'
            Assert-Failure (Get-Failure { Get-BaseVhd -Path $path }) FileNotFound ObjectNotFound $path
            Assert-Failure (Get-Failure { Get-BaseVhd -Path 'NoSuchDrive:/*' }) FileNotFound ObjectNotFound 'NoSuchDrive:/*'
        }

        It 'names the field of a broken header' {
            $broken = Join-Path $folder 'broken-dynamic.vhd'
            Copy-Item $dynamic $broken
            Set-FileByte $broken (512 + 16) ([byte[]] (,0xFF * 8))
            $failure = Get-Failure { Get-BaseVhd -Path $broken }
            $failure.FullyQualifiedErrorId | Should -BeLike 'VhdHeader*,*GetBaseVhdCommand'
            $failure.CategoryInfo.Category | Should -Be 'InvalidData'
            $failure.TargetObject | Should -Be $broken
            $failure.Exception | Should -BeOfType ([AzureVmRole.DiskFormatException])
            $failure.Exception.FileOffset | Should -BeGreaterOrEqual 512
            Remove-Item $broken
        }
    }

    Context 'Stop' {
        It 'ends when the pipeline has enough' {
            @(Get-BaseVhd -Path (Join-Path $folder '*.vhd') | Select-Object -First 1).Count | Should -Be 1
        }

        It 'ends at the first error when asked' {
            { Get-BaseVhd -Path (Join-Path $folder 'missing.vhd'), $fixed -ErrorAction Stop } |
                Should -Throw -ErrorId 'FileNotFound,AzureVmRole.PowerShell.Commands.GetBaseVhdCommand'
        }
    }

    Context 'Formatting' {
        It 'shows a table that fits <Columns> columns' -ForEach @{ Columns = 80 }, @{ Columns = 100 } {
            $lines = (Get-BaseVhd $fixed | Out-String -Width $Columns) -split '\r?\n'
            $header = @($lines -match '^VhdFormat +VhdType +Generation +Size +Path *$')
            $header | Should -HaveCount 1
            $Columns - $header[0].IndexOf('Path') | Should -BeGreaterThan 25 -Because 'a path needs room'
            ($lines | Measure-Object Length -Maximum).Maximum | Should -BeLessOrEqual $Columns
            $lines -match '33,554,432' | Should -HaveCount 1
        }

        It 'shows the largest size on one line' {
            $large = Join-Path (New-Folder 'large') 'large.vhdx'
            New-BaseVhd $large 64TB -Dynamic | Out-String -Width 80 |
                Should -Match '(?m)^Vhdx +Dynamic +Unknown +70,368,744,177,664 '
        }

        It 'shows all of Get-VHD in a list' {
            $text = Get-BaseVhd $difference | Format-List | Out-String -Width 200
            foreach ($name in 'Path', 'VhdFormat', 'VhdType', 'Size', 'FileSize', 'MinimumSize', 'BlockSize', 'ParentPath', 'DiskIdentifier') {
                $text | Should -Match "(?m)^$name +:"
            }
        }
    }

    Context 'Partitions' {
        It 'shows them as a table' {
            $image = Join-Path (Split-Path $PSScriptRoot) 'docs/samples/images/server.qcow2'
            $disk = Get-BaseVhd $image
            $disk.VhdFormat | Should -Be 'Qcow2'
            $disk.PartitionStyle | Should -Be 'Gpt'
            $disk.Generation | Should -Be 'Gen2'
            $text = $disk.Partitions | Out-String -Width 100
            $text | Should -Match '(?m)^Number +Type +Offset +Size +Name *\r?$'
            $text | Should -Match '(?m)^ +1 +EFI System +1,048,576 '
            $disk | Format-List | Out-String -Width 200 | Should -Match '(?m)^Partitions +: \{1: EFI System, '
        }
    }

    Context 'Warnings' {
        It 'warns of what should be mended' {
            $damaged = Join-Path $folder 'damaged.vhd'
            Copy-Item $dynamic $damaged
            Set-FileByte $damaged 0 ([byte[]]::new(512))
            $warnings = $null
            $disk = Get-BaseVhd $damaged -WarningVariable warnings -WarningAction SilentlyContinue
            $disk.Findings.Severity | Should -Contain 'Warning'
            $warnings.Count | Should -BeGreaterThan 0
            $warnings[0].Message | Should -BeLike "*$damaged*"
            Remove-Item $damaged
        }
    }
}
