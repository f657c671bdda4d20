BeforeAll {
    . $PSScriptRoot/Disks.ps1
}

Describe 'New-DifferencingVhd' {
    BeforeEach {
        $folder = New-Folder 'new-difference'
        $parent = Join-Path $folder 'parent.vhd'
        $path = Join-Path $folder 'child.vhd'
        $null = New-BaseVhd $parent 32MB
    }

    Context 'Parameters' {
        It 'makes a difference on a parent' {
            $disk = New-DifferencingVhd $path $parent
            $disk | Should -BeOfType ([AzureVmRole.BaseVhd])
            $disk.VhdType | Should -Be 'Differencing'
            $disk.ParentPath | Should -Be $parent
            $disk.Size | Should -Be 32MB
        }

        It 'takes a block size' {
            (New-DifferencingVhd -Path $path -ParentPath $parent -BlockSizeBytes 512KB).BlockSize | Should -Be 512KB
        }

        It 'makes several differences on one parent' {
            $paths = 1..3 | ForEach-Object { Join-Path $folder "child$_.vhd" }
            (New-DifferencingVhd $paths $parent).ParentPath | Should -Be @($parent, $parent, $parent)
        }

        It 'makes a difference on a difference' {
            $null = New-DifferencingVhd $path $parent
            (New-DifferencingVhd (Join-Path $folder 'grandchild.vhd') $path).ParentPath | Should -Be $path
        }

        It 'finds a relative parent from the current location' {
            Push-Location $folder
            try {
                (New-DifferencingVhd child.vhd parent.vhd).ParentPath | Should -Be $parent
            }
            finally {
                Pop-Location
            }
        }

        It 'takes a parent with square brackets in its name' {
            $bracketed = Join-Path $folder 'br[1].vhd'
            $null = New-BaseVhd $bracketed 32MB
            (New-DifferencingVhd $path $bracketed).ParentPath | Should -Be $bracketed
        }

        It 'prefers the file of exactly that name to the matches' {
            $bracketed = Join-Path $folder 'br[1].vhd'
            $null = New-BaseVhd $bracketed, (Join-Path $folder 'br1.vhd') 32MB
            (New-DifferencingVhd $path $bracketed).ParentPath | Should -Be $bracketed
        }

        It 'still expands a wildcard that matches one file' {
            (New-DifferencingVhd $path (Join-Path $folder 'p[a]rent.vhd')).ParentPath | Should -Be $parent
        }

        It 'replaces a file with -Force' {
            Set-Content $path 'old'
            (New-DifferencingVhd $path $parent -Force).VhdType | Should -Be 'Differencing'
        }
    }

    Context 'Pipeline' {
        It 'takes Path and ParentPath of objects' {
            ([pscustomobject]@{ Path = $path; ParentPath = $parent } | New-DifferencingVhd).Path | Should -Be $path
        }
    }

    Context 'WhatIf' {
        It 'touches nothing' {
            $before = Get-FolderState $folder
            New-DifferencingVhd $path $parent -WhatIf | Should -BeNullOrEmpty
            Get-FolderState $folder | Should -Be $before
        }

        It 'names parent and child' {
            Invoke-Fresh "New-DifferencingVhd '$path' '$parent' -WhatIf" | Should -BeLike "*'$parent' -> '$path'*"
        }
    }

    Context 'Errors' {
        It 'names a missing parent' {
            $missing = Join-Path $folder 'missing.vhd'
            Assert-Failure (Get-Failure { New-DifferencingVhd $path $missing }) FileNotFound ObjectNotFound $missing
        }

        It 'refuses a target that exists' {
            Set-Content $path 'old'
            Assert-Failure (Get-Failure { New-DifferencingVhd $path $parent }) TargetExists ResourceExists $path
        }

        It 'does not make a disk twice with -Force' {
            Assert-Failure (Get-Failure { New-DifferencingVhd $path, $path $parent -Force }) TargetExists ResourceExists $path
        }

        It 'refuses a wildcard as the target' {
            $target = Join-Path $folder '*.vhd'
            Assert-Failure (Get-Failure { New-DifferencingVhd $target $parent }) InvalidArgument InvalidArgument $target
        }

        It 'refuses several parents' {
            $null = New-BaseVhd (Join-Path $folder 'parent2.vhd') 32MB
            $pattern = Join-Path $folder 'parent*.vhd'
            Assert-Failure (Get-Failure { New-DifferencingVhd $path $pattern }) InvalidArgument InvalidArgument $pattern
        }

        It 'refuses to be its own parent' {
            $before = Get-FolderState $folder
            $failure = Get-Failure { New-DifferencingVhd $parent $parent -Force }
            @($failure).Count | Should -Be 1
            $failure.CategoryInfo.Category | Should -Not -Be 'NotSpecified'
            Get-FolderState $folder | Should -Be $before
        }
    }

    Context 'Stop' {
        It 'ends when the pipeline has enough' {
            $paths = 1..3 | ForEach-Object { Join-Path $folder "child$_.vhd" }
            New-DifferencingVhd $paths $parent | Select-Object -First 1 | Should -HaveCount 1
            (Get-ChildItem $folder).Name | Should -Be @('child1.vhd', 'parent.vhd')
        }
    }

    Context 'Formatting' {
        It 'shows the new disk as a table' {
            New-DifferencingVhd $path $parent | Out-String -Width 100 | Should -Match '(?m)^Vhd +Differencing '
        }
    }
}
