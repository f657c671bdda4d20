BeforeAll {
    . $PSScriptRoot/Disks.ps1
}

Describe 'Convert-BaseVhd' {
    BeforeEach {
        $folder = New-Folder 'convert'
        $source = Join-Path $folder 'source.raw'
        $path = Join-Path $folder 'target.vhd'
        New-RawImage $source 32MB
        $hash = Get-ContentHash $source 32MB
    }

    Context 'Parameters' {
        It 'makes a fixed VHD by default, and writes nothing' {
            Convert-BaseVhd $source $path | Should -BeNullOrEmpty
            (Get-BaseVhd $path).VhdType | Should -Be 'Fixed'
            Get-ContentHash $path 32MB | Should -Be $hash
        }

        It 'writes the new disk with -PassThru' {
            $disk = Convert-BaseVhd -Path $source -DestinationPath $path -VHDType Dynamic -BlockSizeBytes 512KB -PassThru
            $disk | Should -BeOfType ([AzureVmRole.BaseVhd])
            $disk.VhdType | Should -Be 'Dynamic'
            $disk.BlockSize | Should -Be 512KB
        }

        It 'takes the format from the extension .<Extension>' -ForEach @(
            @{ Extension = 'vhd'; Format = 'Vhd' }
            @{ Extension = 'vhdx'; Format = 'Vhdx' }
            @{ Extension = 'raw'; Format = 'Raw' }
            @{ Extension = 'img'; Format = 'Raw' }
        ) {
            (Convert-BaseVhd $source (Join-Path $folder "a.$Extension") -PassThru).VhdFormat | Should -Be $Format
        }

        It 'prefers -VhdFormat to the extension' {
            (Convert-BaseVhd $source (Join-Path $folder 'a.disk') -VhdFormat Vhdx -PassThru).VhdFormat | Should -Be 'Vhdx'
        }

        It 'brings the content back from <Extension>, <Type>' -ForEach @(
            @{ Extension = 'vhd'; Type = 'Dynamic' }
            @{ Extension = 'vhdx'; Type = 'Dynamic' }
            @{ Extension = 'vhdx'; Type = 'Fixed' }
        ) {
            $between = Join-Path $folder "between.$Extension"
            Convert-BaseVhd $source $between -VHDType $Type
            Convert-BaseVhd $between $path
            Get-ContentHash $path 32MB | Should -Be $hash
        }

        It 'grows with -SizeBytes' {
            (Convert-BaseVhd $source $path -SizeBytes 48MB -PassThru).Size | Should -Be 48MB
        }

        It 'deletes the source with -DeleteSource, after the target is there' {
            Convert-BaseVhd $source $path -DeleteSource
            Test-Path $source | Should -BeFalse
            Get-ContentHash $path 32MB | Should -Be $hash
        }

        It 'keeps the source when the conversion fails' {
            Set-Content $path 'old'
            Get-Failure { Convert-BaseVhd $source $path -DeleteSource } | Should -Not -BeNullOrEmpty
            Get-ContentHash $source 32MB | Should -Be $hash
        }

        It 'replaces a file with -Force' {
            Set-Content $path 'old'
            Convert-BaseVhd $source $path -Force
            Get-ContentHash $path 32MB | Should -Be $hash
        }

        It 'takes a wildcard that matches one file' {
            Convert-BaseVhd (Join-Path $folder 'sou*.raw') $path
            Get-ContentHash $path 32MB | Should -Be $hash
        }

        It 'does not convert to a differencing disk' {
            { Convert-BaseVhd $source $path -VHDType Differencing } | Should -Throw -ErrorId 'ParameterArgumentValidationError,*'
        }
    }

    Context 'Pipeline' {
        It 'takes files, and a name made of each' {
            Copy-Item $source (Join-Path $folder 'second.raw')
            Get-ChildItem $folder -Filter '*.raw' |
                Convert-BaseVhd -DestinationPath { Join-Path $folder ($_.BaseName + '.vhd') } -PassThru |
                ForEach-Object { Split-Path $_.Path -Leaf } | Sort-Object | Should -Be @('second.vhd', 'source.vhd')
        }

        It 'takes the objects of Get-BaseVhd' {
            (Get-BaseVhd $source | Convert-BaseVhd -DestinationPath $path -PassThru).Path | Should -Be $path
        }
    }

    Context 'Same target' {
        BeforeEach {
            $second = Join-Path $folder 'two.raw'
            New-RawImage $second 32MB -Seed 2
            $secondHash = Get-ContentHash $second 32MB
        }

        It 'does not write a target twice with -Force, and keeps the source' {
            $failure = Get-Failure { $source, $second | Convert-BaseVhd -DestinationPath $path -Force -DeleteSource }
            Assert-Failure $failure TargetExists ResourceExists $path
            $failure.Exception.Message | Should -BeLike '*was already written by this command*'
            Test-Path $source | Should -BeFalse
            Get-ContentHash $second 32MB | Should -Be $secondHash
            Get-ContentHash $path 32MB | Should -Be $hash
        }

        It 'knows a target by another spelling' {
            $spellings = $path, (Join-Path $folder '../convert/./target.vhd')
            $sources = 0..1 | ForEach-Object { [pscustomobject]@{ Path = ($source, $second)[$_]; DestinationPath = $spellings[$_] } }
            Assert-Failure (Get-Failure { $sources | Convert-BaseVhd -Force -DeleteSource }) TargetExists ResourceExists $path
            Get-ContentHash $second 32MB | Should -Be $secondHash
        }

        It 'writes a target whose first source failed' {
            $missing = Join-Path $folder 'missing.raw'
            Get-Failure { $missing, $second | Convert-BaseVhd -DestinationPath $path -Force } | Should -HaveCount 1
            Get-ContentHash $path 32MB | Should -Be $secondHash
        }

        It 'replaces it in the next invocation' {
            Convert-BaseVhd $source $path -Force
            Convert-BaseVhd $second $path -Force
            Get-ContentHash $path 32MB | Should -Be $secondHash
        }
    }

    Context 'WhatIf' {
        It 'touches nothing' {
            $before = Get-FolderState $folder
            Convert-BaseVhd $source $path -DeleteSource -PassThru -WhatIf | Should -BeNullOrEmpty
            Get-FolderState $folder | Should -Be $before
        }

        It 'names both files and what happens to them' {
            Invoke-Fresh "Convert-BaseVhd '$source' '$path' -VHDType Dynamic -DeleteSource -WhatIf" |
                Should -BeLike "*`"Convert to a dynamic disk and delete the source`" on target `"'$source' -> '$path'`"*"
        }
    }

    Context 'Errors' {
        It 'names a missing source' {
            $missing = Join-Path $folder 'missing.vhd'
            Assert-Failure (Get-Failure { Convert-BaseVhd $missing $path }) FileNotFound ObjectNotFound $missing
        }

        It 'names a wildcard that matches nothing' {
            $pattern = Join-Path $folder 'no*.vhd'
            Assert-Failure (Get-Failure { Convert-BaseVhd $pattern $path }) FileNotFound ObjectNotFound $pattern
        }

        It 'refuses a wildcard that matches several files' {
            Copy-Item $source (Join-Path $folder 'second.raw')
            $pattern = Join-Path $folder '*.raw'
            Assert-Failure (Get-Failure { Convert-BaseVhd $pattern $path }) InvalidArgument InvalidArgument $pattern
        }

        It 'refuses a target that exists' {
            Set-Content $path 'old'
            Assert-Failure (Get-Failure { Convert-BaseVhd $source $path }) TargetExists ResourceExists $path
            Get-Content $path | Should -Be 'old'
        }

        It 'refuses the wildcard target <Name>' -ForEach @{ Name = '*.raw' }, @{ Name = 'a?.vhd' } {
            $before = Get-FolderState $folder
            $target = Join-Path $folder $Name
            Assert-Failure (Get-Failure { Convert-BaseVhd $source $target -DeleteSource }) InvalidArgument InvalidArgument $target
            Get-FolderState $folder | Should -Be $before
        }

        It 'takes square brackets in the target as letters' {
            $target = Join-Path $folder 'a[1].vhd'
            (Convert-BaseVhd $source $target -PassThru).Path | Should -Be $target
            Test-Path -LiteralPath $target | Should -BeTrue
        }

        It 'refuses a folder as the target' {
            Assert-Failure (Get-Failure { Convert-BaseVhd $source $folder }) PathIsFolder InvalidArgument $folder
        }

        It 'refuses a folder that does not exist' {
            $missing = Join-Path $folder 'missing/a.vhd'
            Assert-Failure (Get-Failure { Convert-BaseVhd $source $missing }) FolderNotFound ObjectNotFound $missing
        }

        It 'refuses to write over its source' {
            $failure = Get-Failure { Convert-BaseVhd $source $source -VhdFormat Vhd -Force }
            @($failure).Count | Should -Be 1
            $failure.CategoryInfo.Category | Should -Not -Be 'NotSpecified'
            Get-ContentHash $source 32MB | Should -Be $hash
        }

        It 'names a parent that is gone' {
            $parent = Join-Path $folder 'parent.vhd'
            $child = Join-Path $folder 'child.vhd'
            $null = New-BaseVhd $parent 32MB
            $null = New-DifferencingVhd $child $parent
            Remove-Item $parent
            Assert-Failure (Get-Failure { Convert-BaseVhd $child $path }) ParentNotFound ObjectNotFound $child
        }
    }

    Context 'Stop' {
        It 'leaves no debris, and the source as it was' {
            $large = Join-Path $folder 'large.raw'
            New-LargeImage $large
            Remove-Item $source
            Assert-Stopped (Stop-Started Convert-BaseVhd @{
                    Path = $large; DestinationPath = $path; VHDType = 'Dynamic'; DeleteSource = $true
                })
            (Get-ChildItem $folder -Force).Name | Should -Be 'large.raw'
        }
    }

    Context 'Formatting' {
        It 'shows the new disk as a table' {
            Convert-BaseVhd $source $path -PassThru | Out-String -Width 100 | Should -Match '(?m)^Vhd +Fixed '
        }
    }
}
