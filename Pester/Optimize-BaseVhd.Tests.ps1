BeforeAll {
    . $PSScriptRoot/Disks.ps1
}

Describe 'Optimize-BaseVhd' {
    BeforeEach {
        $folder = New-Folder 'optimize'
        $path = Join-Path $folder 'disk.vhd'
        $raw = Join-Path $folder 'disk.raw'
        New-RawImage $raw 32MB -Offset 2MB -Count 4MB
        Convert-BaseVhd $raw $path -VHDType Dynamic -BlockSizeBytes 2MB -DeleteSource
        Set-FileByte $path (Get-BlockPlace $path 2) ([byte[]]::new(2MB))
    }

    Context 'Parameters' {
        It 'drops a block of zeros, and writes nothing' {
            $before = (Get-Item $path).Length
            Optimize-BaseVhd $path | Should -BeNullOrEmpty
            (Get-Item $path).Length | Should -BeLessOrEqual ($before - 2MB)
        }

        It 'keeps identity, size and content' {
            $old = Get-BaseVhd $path
            $copy = Join-Path $folder 'copy.raw'
            Convert-BaseVhd $path $copy
            $new = Optimize-BaseVhd -LiteralPath $path -PassThru
            $new | Should -BeOfType ([AzureVmRole.BaseVhd])
            $new.DiskIdentifier | Should -Be $old.DiskIdentifier
            $new.Size | Should -Be 32MB
            $after = Join-Path $folder 'after.raw'
            Convert-BaseVhd $path $after
            (Get-FileHash $after).Hash | Should -Be (Get-FileHash $copy).Hash
        }

        It 'leaves differences on the disk valid' {
            $child = Join-Path $folder 'child.vhd'
            $null = New-DifferencingVhd $child $path
            Optimize-BaseVhd $path
            (Get-BaseVhd $child -WarningVariable warnings).ParentPath | Should -Be $path
            $warnings | Should -BeNullOrEmpty
        }
    }

    Context 'Pipeline' {
        It 'takes files and objects' {
            (Get-ChildItem $folder -Filter *.vhd | Optimize-BaseVhd -PassThru).Path | Should -Be $path
            (Get-BaseVhd $path | Optimize-BaseVhd -PassThru).Path | Should -Be $path
        }
    }

    Context 'WhatIf' {
        It 'touches nothing' {
            $before = Get-FolderState $folder
            Optimize-BaseVhd $path -PassThru -WhatIf | Should -BeNullOrEmpty
            Get-FolderState $folder | Should -Be $before
        }
    }

    Context 'Errors' {
        It 'refuses a difference' {
            $child = Join-Path $folder 'child.vhd'
            $null = New-DifferencingVhd $child $path
            Assert-Failure (Get-Failure { Optimize-BaseVhd $child }) DiskTypeUnsuitable InvalidOperation $child
        }

        It 'names a missing file' {
            $missing = Join-Path $folder 'missing.vhd'
            Assert-Failure (Get-Failure { Optimize-BaseVhd $missing }) FileNotFound ObjectNotFound $missing
        }

        It 'refuses a disk that another process has open' {
            $file = [System.IO.File]::Open($path, 'Open', 'ReadWrite', 'None')
            try {
                Assert-Failure (Get-Failure { Optimize-BaseVhd $path }) DiskInUse ResourceBusy $path
            }
            finally {
                $file.Dispose()
            }
        }
    }

    Context 'Stop' {
        It 'leaves the old disk and no debris' {
            $large = Join-Path $folder 'large.raw'
            New-LargeImage $large
            $dynamic = Join-Path $folder 'large.vhd'
            Convert-BaseVhd $large $dynamic -VHDType Dynamic -DeleteSource
            $before = Get-FolderState $folder -ByTime
            Assert-Stopped (Stop-Started Optimize-BaseVhd @{ Path = $dynamic })
            Get-FolderState $folder -ByTime | Should -Be $before
        }
    }

    Context 'Formatting' {
        It 'shows the disk as a table' {
            Optimize-BaseVhd $path -PassThru | Out-String -Width 100 | Should -Match '(?m)^Vhd +Dynamic '
        }
    }
}
