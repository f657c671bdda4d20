BeforeAll {
    . $PSScriptRoot/Disks.ps1
    . $PSScriptRoot/Stores.ps1
}

Describe 'Save-BaseVhd' {
    BeforeEach {
        $folder = New-Folder 'save'
        $store = Join-Path $folder 'store'
        $source = New-SmallDisk (Join-Path $folder 'source.raw')
        $hash = Get-ContentHash $source 24MB
        $published = Publish-BaseVhd $source vhds/a.vhd -DataDisk -StorePath $store
        $path = Join-Path $folder 'back.vhd'
    }

    Context 'Parameters' {
        It 'makes a fixed VHD by default' {
            $disk = Save-BaseVhd vhds/a.vhd $path -StorePath $store
            $disk | Should -BeOfType ([AzureVmRole.BaseVhd])
            $disk.Path | Should -Be $path
            $disk.VhdType | Should -Be 'Fixed'
            $disk.DiskIdentifier | Should -Be $published.DiskIdentifier
            Get-ContentHash $path 24MB | Should -Be $hash
        }

        It 'makes a <Type> <Format> with <Name>' -ForEach @(
            @{ Name = 'back.vhd'; Type = 'Dynamic'; Format = 'Vhd'; Arguments = @{ VHDType = 'Dynamic' } }
            @{ Name = 'back.vhdx'; Type = 'Dynamic'; Format = 'Vhdx'; Arguments = @{ VHDType = 'Dynamic' } }
            @{ Name = 'back.raw'; Type = 'Fixed'; Format = 'Raw'; Arguments = @{} }
            @{ Name = 'back.disk'; Type = 'Fixed'; Format = 'Vhdx'; Arguments = @{ VhdFormat = 'Vhdx' } }
        ) {
            $other = Join-Path $folder $Name
            $disk = Save-BaseVhd vhds/a.vhd $other @Arguments -StorePath $store
            $disk.VhdType | Should -Be $Type
            $disk.VhdFormat | Should -Be $Format
            $check = Join-Path $folder 'check.raw'
            Convert-BaseVhd $other $check
            Get-ContentHash $check 24MB | Should -Be $hash
        }

        It 'gives the file in a folder the name of the blob' {
            (Save-BaseVhd vhds/a.vhd $folder -StorePath $store).Path | Should -Be (Join-Path $folder 'a.vhd')
        }

        It 'replaces a file with -Overwrite' {
            Set-Content $path 'old'
            $null = Save-BaseVhd vhds/a.vhd $path -StorePath $store -Overwrite
            Get-ContentHash $path 24MB | Should -Be $hash
        }

        It 'knows the names of its peers' {
            (Save-BaseVhd -SourceUri vhds/a.vhd -LocalFilePath $path -NumberOfThreads 2 -StorePath $store).Path | Should -Be $path
        }
    }

    Context 'Pipeline' {
        It 'takes the objects of Get-VhdBlob and Publish-BaseVhd' {
            $null = Publish-BaseVhd $source vhds/b.vhd -DataDisk -StorePath $store
            $target = New-Item -ItemType Directory (Join-Path $folder 'disks')
            (Get-VhdBlob -StorePath $store | Save-BaseVhd -DestinationPath $target).Path |
                Should -Be @((Join-Path $target 'a.vhd'), (Join-Path $target 'b.vhd'))
            ($published | Save-BaseVhd -DestinationPath $path).Path | Should -Be $path
        }

        It 'does not write a file twice' {
            $failure = Get-Failure { 'vhds/a.vhd', 'vhds/a.vhd' | Save-BaseVhd -DestinationPath $path -Overwrite -StorePath $store }
            Assert-Failure $failure TargetExists ResourceExists $path
        }
    }

    Context 'WhatIf' {
        It 'touches nothing' {
            $before = Get-FolderState $folder -ByTime
            Save-BaseVhd vhds/a.vhd $path -StorePath $store -WhatIf | Should -BeNullOrEmpty
            Get-FolderState $folder -ByTime | Should -Be $before
        }

        It 'names the blob and the file, without a signature' {
            $text = Invoke-Fresh "Save-BaseVhd 'https://a.blob.core.windows.net/vhds/b.vhd?sv=1&sig=topsecret' '$path' -WhatIf"
            $text | Should -BeLike "*`"Download to a fixed disk`" on target `"'https://a.blob.core.windows.net/vhds/b.vhd' -> '$path'`"*"
            $text | Should -Not -BeLike '*topsecret*'
        }
    }

    Context 'Errors' {
        It 'names a blob that does not exist' {
            $failure = Get-Failure { Save-BaseVhd vhds/missing.vhd $path -StorePath $store }
            $failure.FullyQualifiedErrorId | Should -Be 'BlobNotFound,AzureVmRole.PowerShell.Commands.SaveBaseVhdCommand'
            $failure.CategoryInfo.Category | Should -Be 'ObjectNotFound'
            $failure.TargetObject | Should -BeLike '*vhds/missing.vhd'
            Test-Path $path | Should -BeFalse
        }

        It 'refuses a file that exists' {
            Set-Content $path 'old'
            Assert-Failure (Get-Failure { Save-BaseVhd vhds/a.vhd $path -StorePath $store }) TargetExists ResourceExists $path
            Get-Content $path | Should -Be 'old'
        }

        It 'refuses a folder that does not exist' {
            $missing = Join-Path $folder 'missing/a.vhd'
            Assert-Failure (Get-Failure { Save-BaseVhd vhds/a.vhd $missing -StorePath $store }) FolderNotFound ObjectNotFound $missing
        }

        It 'refuses a target with a wildcard' {
            $target = Join-Path $folder '*.vhd'
            Assert-Failure (Get-Failure { Save-BaseVhd vhds/a.vhd $target -StorePath $store }) InvalidArgument InvalidArgument $target
        }
    }

    Context 'Stop' {
        It 'leaves no file under the name' {
            $large = Join-Path $folder 'large.raw'
            New-LargeImage $large
            $null = Publish-BaseVhd $large vhds/large.vhd -DataDisk -StorePath $store
            Assert-Stopped (Stop-Started Save-BaseVhd @{ Source = 'vhds/large.vhd'; DestinationPath = $path; StorePath = $store })
            Test-Path $path | Should -BeFalse
            (Save-BaseVhd vhds/large.vhd $path -StorePath $store).Size | Should -Be 512MB
        }
    }

    Context 'Formatting' {
        It 'shows the new disk as a table' {
            Save-BaseVhd vhds/a.vhd $path -StorePath $store | Out-String -Width 100 | Should -Match '(?m)^Vhd +Fixed '
        }
    }
}
