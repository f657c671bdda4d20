BeforeAll {
    . $PSScriptRoot/Disks.ps1
}

Describe 'New-BaseVhd' {
    BeforeEach {
        $folder = New-Folder 'new'
        $path = Join-Path $folder 'new.vhd'
    }

    Context 'Parameters' {
        It 'makes a fixed disk by default' {
            $disk = New-BaseVhd $path 32MB
            $disk | Should -BeOfType ([AzureVmRole.BaseVhd])
            $disk.VhdType | Should -Be 'Fixed'
            $disk.Size | Should -Be 32MB
            (Get-Item $path).Length | Should -Be (32MB + 512)
        }

        It 'makes a dynamic disk with the wanted block size' {
            $disk = New-BaseVhd -Path $path -SizeBytes 64MB -Dynamic -BlockSizeBytes 512KB
            $disk.VhdType | Should -Be 'Dynamic'
            $disk.BlockSize | Should -Be 512KB
        }

        It 'knows -<Alias> for -SizeBytes' -ForEach @{ Alias = 'Size' }, @{ Alias = 'SizeInBytes' } {
            $parameters = @{ Path = $path; $Alias = 32MB }
            (New-BaseVhd @parameters).Size | Should -Be 32MB
        }

        It 'makes VHDX with 4 KiB sectors by the extension' {
            $disk = New-BaseVhd (Join-Path $folder 'new.vhdx') 64MB -Dynamic -LogicalSectorSizeBytes 4096
            $disk.VhdFormat | Should -Be 'Vhdx'
            $disk.LogicalSectorSize | Should -Be 4096
        }

        It 'refuses another sector size' {
            { New-BaseVhd $path 32MB -LogicalSectorSizeBytes 1024 } | Should -Throw -ErrorId 'ParameterArgumentValidationError,*'
        }

        It 'makes several disks of one size' {
            (New-BaseVhd (Join-Path $folder 'a.vhd'), (Join-Path $folder 'b.vhd') 32MB).Count | Should -Be 2
        }

        It 'takes the content of a source' {
            $source = Join-Path $folder 'source.raw'
            New-RawImage $source 32MB
            $disk = New-BaseVhd -Path $path -SourcePath $source
            $disk.VhdType | Should -Be 'Fixed'
            Get-ContentHash $path 32MB | Should -Be (Get-ContentHash $source 32MB)
        }

        It 'grows the content of a source' {
            $source = Join-Path $folder 'source.raw'
            New-RawImage $source 32MB
            (New-BaseVhd -Path $path -SourcePath $source -SizeBytes 48MB).Size | Should -Be 48MB
            Get-ContentHash $path 32MB | Should -Be (Get-ContentHash $source 32MB)
        }

        It 'takes a source with square brackets in its name' {
            $source = Join-Path $folder 'br[1].raw'
            New-RawImage $source 32MB
            New-RawImage (Join-Path $folder 'br1.raw') 32MB -Seed 2
            $null = New-BaseVhd -Path $path -SourcePath $source
            Get-ContentHash $path 32MB | Should -Be (Get-ContentHash $source 32MB)
        }

        It 'takes square brackets in the new name as letters' {
            $target = Join-Path $folder 'a[1].vhd'
            (New-BaseVhd $target 32MB).Path | Should -Be $target
        }

        It 'replaces a file with -Force' {
            Set-Content $path 'old'
            (New-BaseVhd $path 32MB -Force).Size | Should -Be 32MB
        }
    }

    Context 'Pipeline' {
        It 'takes Path and SizeBytes of objects' {
            $disks = @(
                [pscustomobject]@{ Path = (Join-Path $folder 'a.vhd'); SizeBytes = 32MB }
                [pscustomobject]@{ Path = (Join-Path $folder 'b.vhd'); SizeBytes = 64MB }
            ) | New-BaseVhd
            $disks.Size | Should -Be @(32MB, 64MB)
        }
    }

    Context 'WhatIf' {
        It 'touches nothing' {
            New-BaseVhd $path 32MB -WhatIf | Should -BeNullOrEmpty
            Get-FolderState $folder | Should -BeNullOrEmpty
        }

        It 'says what it would make' {
            Invoke-Fresh "New-BaseVhd '$path' 127GB -WhatIf" |
                Should -BeLike "*`"Create an empty fixed disk of 127 GiB`" on target `"'$path'`"*"
        }

        It 'says what it would replace' {
            Set-Content $path 'old'
            Invoke-Fresh "New-BaseVhd '$path' 32MB -Force -WhatIf" | Should -BeLike '*replacing the file that is there*'
        }
    }

    Context 'Errors' {
        It 'refuses a target that exists, and leaves it as it is' {
            Set-Content $path 'old'
            Assert-Failure (Get-Failure { New-BaseVhd $path 32MB }) TargetExists ResourceExists $path
            Get-Content $path | Should -Be 'old'
        }

        It 'does not make a disk twice with -Force' {
            $other = Join-Path $folder 'other.vhd'
            $made = New-BaseVhd $path, $path, $other 32MB -Force -ErrorVariable failure -ErrorAction SilentlyContinue
            $made.Path | Should -Be @($path, $other)
            Assert-Failure $failure TargetExists ResourceExists $path
            $failure.Exception.Message | Should -BeLike '*was already written by this command*'
        }

        It 'does not make a disk twice from piped objects' {
            $disks = @{ Path = $path; SizeBytes = 32MB }, @{ Path = $path; SizeBytes = 64MB } | ForEach-Object { [pscustomobject]$_ }
            Assert-Failure (Get-Failure { $disks | New-BaseVhd -Force }) TargetExists ResourceExists $path
            (Get-BaseVhd $path).Size | Should -Be 32MB
        }

        It 'refuses the wildcard target <Name>, and makes the others' -ForEach @{ Name = '*.vhd' }, @{ Name = 'a?.vhd' } {
            $target = Join-Path $folder $Name
            Assert-Failure (Get-Failure { New-BaseVhd $target, $path 32MB }) InvalidArgument InvalidArgument $target
            (Get-ChildItem $folder).Name | Should -Be 'new.vhd'
        }

        It 'refuses a folder that does not exist' {
            $missing = Join-Path $folder 'missing/a.vhd'
            Assert-Failure (Get-Failure { New-BaseVhd $missing 32MB }) FolderNotFound ObjectNotFound $missing
        }

        It 'refuses a size that is no whole number of MiB' {
            Assert-Failure (Get-Failure { New-BaseVhd $path 33554944 }) DiskSizeUnaligned InvalidArgument $path
            Get-FolderState $folder | Should -BeNullOrEmpty
        }

        It 'refuses a size of <Size>' -ForEach @{ Size = 0 }, @{ Size = [uint64]::MaxValue } {
            Assert-Failure (Get-Failure { New-BaseVhd $path $Size }) DiskSizeOutOfRange LimitsExceeded $path
        }

        It 'refuses -Fixed with -Dynamic' {
            Assert-Failure (Get-Failure { New-BaseVhd $path 32MB -Fixed -Dynamic }) InvalidArgument InvalidArgument $path
        }

        It 'refuses another provider' {
            Assert-Failure (Get-Failure { New-BaseVhd Env:/a.vhd 32MB }) PathNotFileSystem InvalidArgument 'Env:/a.vhd'
        }

        It 'names a missing source' {
            $missing = Join-Path $folder 'missing.raw'
            Assert-Failure (Get-Failure { New-BaseVhd $path -SourcePath $missing }) FileNotFound ObjectNotFound $missing
        }

        It 'names a folder without rights' {
            $closed = $IsLinux ? '/sys' : $IsMacOS ? '/System' : "$env:SystemDrive\System Volume Information"
            $target = Join-Path $closed 'a.vhd'
            Assert-Failure (Get-Failure { New-BaseVhd $target 32MB }) AccessDenied PermissionDenied $target
        }
    }

    Context 'Stop' {
        It 'leaves no debris' {
            $source = Join-Path $folder 'large.raw'
            New-LargeImage $source
            Assert-Stopped (Stop-Started New-BaseVhd @{ Path = $path; SourcePath = $source; Dynamic = $true })
            (Get-ChildItem $folder -Force).Name | Should -Be 'large.raw'
        }
    }

    Context 'Formatting' {
        It 'shows the new disk as a table' {
            New-BaseVhd $path 32MB | Out-String -Width 100 | Should -Match '(?m)^Vhd +Fixed +Unknown +33,554,432 '
        }
    }
}
