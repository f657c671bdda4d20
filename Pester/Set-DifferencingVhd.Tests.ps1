BeforeAll {
    . $PSScriptRoot/Disks.ps1
}

Describe 'Set-DifferencingVhd' {
    BeforeEach {
        $folder = New-Folder 'set'
        $parent = Join-Path $folder 'parent.vhd'
        $moved = Join-Path $folder 'moved/parent.vhd'
        $other = Join-Path $folder 'other.vhd'
        $child = Join-Path $folder 'child.vhd'
        $null = New-BaseVhd $parent 32MB
        $null = New-BaseVhd $other 32MB
        $null = New-DifferencingVhd $child $parent
        $null = New-Item -ItemType Directory (Split-Path $moved)
        Move-Item $parent $moved
    }

    Context 'Parameters' {
        It 'finds a parent that was moved, and writes nothing' {
            Set-DifferencingVhd $child $moved | Should -BeNullOrEmpty
            (Get-BaseVhd $child).ParentPath | Should -Be $moved
        }

        It 'writes the disk with -PassThru' {
            $disk = Set-DifferencingVhd -LiteralPath $child -ParentPath $moved -PassThru
            $disk | Should -BeOfType ([AzureVmRole.BaseVhd])
            $disk.ParentPath | Should -Be $moved
        }

        It 'takes a parent with square brackets in its name' {
            $bracketed = Join-Path $folder 'br[1].vhd'
            Move-Item $moved $bracketed
            Set-DifferencingVhd $child $bracketed
            (Get-BaseVhd $child).ParentPath | Should -Be $bracketed
        }

        It 'takes a disk with another identity only when told' {
            Set-DifferencingVhd $child $other -IgnoreIdMismatch
            (Get-BaseVhd $child).ParentPath | Should -Be $other
        }
    }

    Context 'Pipeline' {
        It 'takes files' {
            (Get-ChildItem $child | Set-DifferencingVhd -ParentPath $moved -PassThru).ParentPath | Should -Be $moved
        }

        It 'takes the objects of Get-BaseVhd' {
            Set-DifferencingVhd $child $moved
            (Get-BaseVhd $child | Set-DifferencingVhd -ParentPath $other -IgnoreIdMismatch -PassThru).ParentPath | Should -Be $other
        }
    }

    Context 'WhatIf' {
        It 'touches nothing' {
            $before = Get-FolderState $folder
            Set-DifferencingVhd $child $moved -PassThru -WhatIf | Should -BeNullOrEmpty
            Get-FolderState $folder | Should -Be $before
        }

        It 'names child and parent' {
            Invoke-Fresh "Set-DifferencingVhd '$child' '$moved' -WhatIf" | Should -BeLike "*'$child' -> '$moved'*"
        }
    }

    Context 'Errors' {
        It 'shows that the parent is gone until it is set' {
            Assert-Failure (Get-Failure { Get-BaseVhd $child }) ParentNotFound ObjectNotFound $child
        }

        It 'refuses a disk with another identity' {
            Assert-Failure (Get-Failure { Set-DifferencingVhd $child $other }) ParentIdentityMismatch InvalidData $child
        }

        It 'refuses a disk of another size' {
            $large = Join-Path $folder 'large.vhd'
            $null = New-BaseVhd $large 64MB
            Assert-Failure (Get-Failure { Set-DifferencingVhd $child $large -IgnoreIdMismatch }) ParentSizeMismatch InvalidData $child
        }

        It 'refuses a disk that is no difference' {
            Assert-Failure (Get-Failure { Set-DifferencingVhd $other $moved }) DiskTypeUnsuitable InvalidOperation $other
        }

        It 'refuses the disk itself as its parent' {
            $before = Get-FolderState $folder
            Set-DifferencingVhd $child $moved
            Assert-Failure (Get-Failure { Set-DifferencingVhd $child $child -IgnoreIdMismatch }) ParentCycle InvalidData $child
            $before | Should -Not -BeNullOrEmpty
        }

        It 'names a missing parent' {
            Assert-Failure (Get-Failure { Set-DifferencingVhd $child $parent }) FileNotFound ObjectNotFound $parent
        }

        It 'names a missing disk' {
            $missing = Join-Path $folder 'missing.vhd'
            Assert-Failure (Get-Failure { Set-DifferencingVhd $missing $moved }) FileNotFound ObjectNotFound $missing
        }
    }

    Context 'Stop' {
        It 'does not go on when the pipeline has enough' {
            $second = Join-Path $folder 'second.vhd'
            Copy-Item $child $second
            $child, $second | Set-DifferencingVhd -ParentPath $moved -PassThru | Select-Object -First 1 | Should -HaveCount 1
            Assert-Failure (Get-Failure { Get-BaseVhd $second }) ParentNotFound ObjectNotFound $second
        }
    }

    Context 'Formatting' {
        It 'shows the disk as a table' {
            Set-DifferencingVhd $child $moved -PassThru | Out-String -Width 100 | Should -Match '(?m)^Vhd +Differencing '
        }
    }
}
