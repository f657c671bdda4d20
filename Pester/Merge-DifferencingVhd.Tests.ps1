BeforeAll {
    . $PSScriptRoot/Disks.ps1
}

Describe 'Merge-DifferencingVhd' {
    BeforeEach {
        $folder = New-Folder 'merge'
        $base = Join-Path $folder 'base.vhd'
        $middle = Join-Path $folder 'middle.vhd'
        $top = Join-Path $folder 'top.vhd'
        $raw = Join-Path $folder 'base.raw'
        New-RawImage $raw 32MB -Offset 1MB -Count 8MB
        Convert-BaseVhd $raw $base
        $null = New-DifferencingVhd $middle $base
        Add-DifferencingBlock $middle 1 0x11
        Add-DifferencingBlock $middle 2 0x12
        $null = New-DifferencingVhd $top $middle
        Add-DifferencingBlock $top 2 0x22

        # What the chain reads as, made without it.
        Set-FileByte $raw 2MB (New-ByteArray 2MB 0x11)
        Set-FileByte $raw 4MB (New-ByteArray 2MB 0x12)
        $middleHash = Get-ContentHash $raw 32MB
        Set-FileByte $raw 4MB (New-ByteArray 2MB 0x22)
        $topHash = Get-ContentHash $raw 32MB
        Remove-Item $raw
    }

    Context 'Parameters' {
        It 'merges into the parent, removes the difference and writes nothing' {
            Merge-DifferencingVhd $middle -Confirm:$false -WarningAction SilentlyContinue | Should -BeNullOrEmpty
            Test-Path $middle | Should -BeFalse
            Get-ContentHash $base 32MB | Should -Be $middleHash
        }

        It 'merges into a named ancestor and removes what is between' {
            $disk = Merge-DifferencingVhd -Path $top -DestinationPath $base -PassThru -Confirm:$false
            $disk | Should -BeOfType ([AzureVmRole.BaseVhd])
            $disk.Path | Should -Be $base
            (Get-ChildItem $folder).Name | Should -Be 'base.vhd'
            Get-ContentHash $base 32MB | Should -Be $topHash
        }

        It 'merges the whole chain into a new disk and leaves the chain' {
            $before = Get-FolderState $folder
            $new = Join-Path $folder 'new.vhd'
            (Merge-DifferencingVhd $top $new -PassThru -Confirm:$false).VhdType | Should -Be 'Fixed'
            Get-ContentHash $new 32MB | Should -Be $topHash
            Remove-Item $new
            Get-FolderState $folder | Should -Be $before
        }

        It 'makes a dynamic disk with -VHDType' {
            $new = Join-Path $folder 'new.vhd'
            (Merge-DifferencingVhd $top $new -VHDType Dynamic -PassThru -Confirm:$false).VhdType | Should -Be 'Dynamic'
        }

        It 'replaces a file that is no ancestor with -Force' {
            $new = Join-Path $folder 'new.vhd'
            Set-Content $new 'old'
            Merge-DifferencingVhd $top $new -Force -Confirm:$false
            Get-ContentHash $new 32MB | Should -Be $topHash
        }

        It 'asks by default: its impact is high' {
            $metadata = [System.Management.Automation.CommandMetadata]::new((Get-Command Merge-DifferencingVhd))
            $metadata.ConfirmImpact | Should -Be 'High'
        }
    }

    Context 'Pipeline' {
        It 'takes files' {
            (Get-ChildItem $top | Merge-DifferencingVhd -PassThru -Confirm:$false).Path | Should -Be $middle
        }

        It 'takes the objects of Get-BaseVhd' {
            (Get-BaseVhd $top | Merge-DifferencingVhd -DestinationPath $base -PassThru -Confirm:$false).Path | Should -Be $base
        }
    }

    Context 'WhatIf' {
        It 'touches nothing' {
            $before = Get-FolderState $folder
            Merge-DifferencingVhd $top -PassThru -WhatIf | Should -BeNullOrEmpty
            Merge-DifferencingVhd $top (Join-Path $folder 'new.vhd') -WhatIf | Should -BeNullOrEmpty
            Get-FolderState $folder | Should -Be $before
        }

        It 'says which disk changes and which go' {
            $text = Invoke-Fresh "Merge-DifferencingVhd '$top' '$base' -WhatIf"
            $text | Should -BeLike "*Change the ancestor by merging into it (other differences on it become useless), and remove 'top.vhd', 'middle.vhd'*'$top' -> '$base'*"
        }

        It 'says that a new disk leaves the chain' {
            Invoke-Fresh "Merge-DifferencingVhd '$top' '$folder/new.vhd' -WhatIf" |
                Should -BeLike '*Merge the whole chain into a new fixed disk, leaving the chain as it is*'
        }
    }

    Context 'Errors' {
        It 'refuses a disk that is no difference' {
            Assert-Failure (Get-Failure { Merge-DifferencingVhd $base -Confirm:$false }) DiskTypeUnsuitable InvalidOperation $base
        }

        It 'refuses a file that is no ancestor' {
            $other = Join-Path $folder 'other.vhd'
            Set-Content $other 'old'
            Assert-Failure (Get-Failure { Merge-DifferencingVhd $top $other -Confirm:$false }) TargetExists ResourceExists $other
            Get-Content $other | Should -Be 'old'
        }

        It 'names a missing file' {
            $missing = Join-Path $folder 'missing.vhd'
            Assert-Failure (Get-Failure { Merge-DifferencingVhd $missing -Confirm:$false }) FileNotFound ObjectNotFound $missing
        }

        It 'names a parent that is gone' {
            Remove-Item $base
            Assert-Failure (Get-Failure { Merge-DifferencingVhd $top -Confirm:$false }) ParentNotFound ObjectNotFound $middle
            Test-Path $top | Should -BeTrue
        }
    }

    Context 'Stop' {
        It 'leaves the chain and no debris' {
            $large = Join-Path $folder 'large.raw'
            $parent = Join-Path $folder 'large.vhd'
            $child = Join-Path $folder 'child.vhd'
            New-LargeImage $large
            Convert-BaseVhd $large $parent -DeleteSource
            $null = New-DifferencingVhd $child $parent
            $before = Get-FolderState $folder -ByTime
            Assert-Stopped (Stop-Started Merge-DifferencingVhd @{
                    Path = $child; DestinationPath = (Join-Path $folder 'new.vhd'); VHDType = 'Dynamic'; Confirm = $false
                })
            Get-FolderState $folder -ByTime | Should -Be $before
        }
    }

    Context 'Formatting' {
        It 'shows the disk as a table' {
            Merge-DifferencingVhd $top $base -PassThru -Confirm:$false | Out-String -Width 100 | Should -Match '(?m)^Vhd +Fixed '
        }
    }
}
