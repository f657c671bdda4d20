BeforeAll {
    . $PSScriptRoot/Disks.ps1
}

Describe 'Resize-BaseVhd' {
    BeforeEach {
        $folder = New-Folder 'resize'
        $path = Join-Path $folder 'disk.vhd'
        $raw = Join-Path $folder 'disk.raw'
        New-RawImage $raw 64MB -Offset 1MB -Count 1MB
        Convert-BaseVhd $raw $path -DeleteSource
        $hash = Get-ContentHash $path 32MB
    }

    Context 'Parameters' {
        It 'grows, and writes nothing' {
            Resize-BaseVhd $path 96MB | Should -BeNullOrEmpty
            (Get-BaseVhd $path).Size | Should -Be 96MB
            Get-ContentHash $path 32MB | Should -Be $hash
        }

        It 'shrinks what holds no data' {
            (Resize-BaseVhd -Path $path -SizeBytes 32MB -PassThru).Size | Should -Be 32MB
            (Get-Item $path).Length | Should -Be (32MB + 512)
            Get-ContentHash $path 32MB | Should -Be $hash
        }

        It 'grows a dynamic disk' {
            $dynamic = Join-Path $folder 'dynamic.vhd'
            $null = New-BaseVhd $dynamic 64MB -Dynamic
            $disk = Resize-BaseVhd $dynamic 1GB -PassThru
            $disk | Should -BeOfType ([AzureVmRole.BaseVhd])
            $disk.Size | Should -Be 1GB
            $disk.VhdType | Should -Be 'Dynamic'
        }

        It 'takes a literal path' {
            (Resize-BaseVhd -LiteralPath $path -SizeBytes 96MB -PassThru).Size | Should -Be 96MB
        }

        It 'does not take a size with -ToMinimumSize' {
            { Resize-BaseVhd $path -SizeBytes 96MB -ToMinimumSize } | Should -Throw -ErrorId 'AmbiguousParameterSet,*'
        }
    }

    Context 'Pipeline' {
        It 'takes files and objects' {
            Copy-Item $path (Join-Path $folder 'second.vhd')
            (Get-ChildItem $folder -Filter *.vhd | Resize-BaseVhd -SizeBytes 96MB -PassThru).Size | Should -Be @(96MB, 96MB)
            (Get-BaseVhd $path | Resize-BaseVhd -SizeBytes 128MB -PassThru).Size | Should -Be 128MB
        }
    }

    Context 'WhatIf' {
        It 'touches nothing' {
            $before = Get-FolderState $folder
            Resize-BaseVhd $path 32MB -PassThru -WhatIf | Should -BeNullOrEmpty
            Get-FolderState $folder | Should -Be $before
        }

        It 'names both sizes' {
            Invoke-Fresh "Resize-BaseVhd '$path' 96MB -WhatIf" |
                Should -BeLike "*`"Grow from 64 MiB to 96 MiB`" on target `"'$path'`"*"
            Invoke-Fresh "Resize-BaseVhd '$path' 32MB -WhatIf" | Should -BeLike '*Shrink from 64 MiB to 32 MiB*'
        }
    }

    Context 'Errors' {
        It 'refuses to cut data' {
            Assert-Failure (Get-Failure { Resize-BaseVhd $path 1MB }) ShrinkCutsPartition InvalidOperation $path
            Get-ContentHash $path 32MB | Should -Be $hash
        }

        It 'refuses a size that is no whole number of MiB' {
            Assert-Failure (Get-Failure { Resize-BaseVhd $path 67109376 }) DiskSizeUnaligned InvalidArgument $path
        }

        It 'refuses the smallest size without a partition table' {
            Assert-Failure (Get-Failure { Resize-BaseVhd $path -ToMinimumSize }) PartitionTableInvalid InvalidData $path
        }

        It 'refuses a difference' {
            $child = Join-Path $folder 'child.vhd'
            $null = New-DifferencingVhd $child $path
            Assert-Failure (Get-Failure { Resize-BaseVhd $child 96MB }) DiskTypeUnsuitable InvalidOperation $child
        }

        It 'names a missing file' {
            $missing = Join-Path $folder 'missing.vhd'
            Assert-Failure (Get-Failure { Resize-BaseVhd $missing 96MB }) FileNotFound ObjectNotFound $missing
        }
    }

    Context 'Stop' {
        It 'does not go on when the pipeline has enough' {
            $second = Join-Path $folder 'second.vhd'
            Copy-Item $path $second
            $path, $second | Resize-BaseVhd -SizeBytes 96MB -PassThru | Select-Object -First 1 | Should -HaveCount 1
            (Get-BaseVhd $second).Size | Should -Be 64MB
        }
    }

    Context 'Formatting' {
        It 'shows the disk as a table' {
            Resize-BaseVhd $path 96MB -PassThru | Out-String -Width 100 | Should -Match '(?m)^Vhd +Fixed +Unknown +100,663,296 '
        }
    }
}
