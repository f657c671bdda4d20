BeforeDiscovery {
    . $PSScriptRoot/Disks.ps1
    . $PSScriptRoot/Stores.ps1
    $azurite = Find-Azurite
}

BeforeAll {
    . $PSScriptRoot/Disks.ps1
    . $PSScriptRoot/Stores.ps1
}

Describe 'Publish-BaseVhd' {
    BeforeEach {
        $folder = New-Folder 'publish'
        $store = Join-Path $folder 'store'
        $source = New-SmallDisk (Join-Path $folder 'source.raw')
        $hash = Get-ContentHash $source 24MB
    }

    Context 'Parameters' {
        It 'uploads a raw image as a fixed VHD, and tells what it did' {
            $published = Publish-BaseVhd $source vhds/a.vhd -DataDisk -StorePath $store
            $published | Should -BeOfType ([AzureVmRole.PublishedVhd])
            $published.Name | Should -BeExactly 'vhds/a.vhd'
            $published.LocalFilePath | Should -Be $source
            $published.Size | Should -Be 24MB
            $published.BytesSent | Should -BeLessOrEqual (512KB + 64KB * 2 + 512)
            $published.IsResumed | Should -BeFalse
            Save-BaseVhd vhds/a.vhd (Join-Path $folder 'back.vhd') -StorePath $store | ForEach-Object VhdType | Should -Be 'Fixed'
            Get-ContentHash (Join-Path $folder 'back.vhd') 24MB | Should -Be $hash
        }

        It 'has the same content hash for <Extension>' -ForEach @{ Extension = 'vhd' }, @{ Extension = 'vhdx' } {
            $other = Join-Path $folder "other.$Extension"
            Convert-BaseVhd $source $other -VHDType Dynamic
            $first = Publish-BaseVhd $source vhds/a.vhd -DataDisk -StorePath $store
            $second = Publish-BaseVhd $other vhds/b.vhd -DataDisk -StorePath $store
            $second.ContentHash | Should -Be $first.ContentHash
        }

        It 'takes the name of the file where the destination <Destination> has none' -ForEach @(
            @{ Destination = 'vhds'; Expected = 'vhds/source.vhd' }
            @{ Destination = 'vhds/'; Expected = 'vhds/source.vhd' }
            @{ Destination = 'vhds/2026/'; Expected = 'vhds/2026/source.vhd' }
        ) {
            (Publish-BaseVhd $source $Destination -DataDisk -StorePath $store).Name | Should -BeExactly $Expected
        }

        It 'knows the names of its peers: <Names>' -ForEach @(
            @{ Names = 'LocalFilePath, Destination, NumberOfUploaderThreads'; Arguments = @{ LocalFilePath = ''; Destination = 'vhds/a.vhd'; NumberOfUploaderThreads = 2 } }
            @{ Names = 'lf, dst, th, o'; Arguments = @{ lf = ''; dst = 'vhds/a.vhd'; th = 1; o = $true } }
            @{ Names = 'MediaLocation'; Arguments = @{ Path = ''; MediaLocation = 'vhds/a.vhd' } }
        ) {
            foreach ($name in 'LocalFilePath', 'lf', 'Path') {
                if ($Arguments.ContainsKey($name)) {
                    $Arguments[$name] = $source
                }
            }

            (Publish-BaseVhd @Arguments -DataDisk -StorePath $store).Name | Should -BeExactly 'vhds/a.vhd'
        }

        It 'replaces a blob with -Overwrite' {
            $null = Publish-BaseVhd $source vhds/a.vhd -DataDisk -StorePath $store
            $other = New-SmallDisk (Join-Path $folder 'other.raw') 2
            $null = Publish-BaseVhd $other vhds/a.vhd -DataDisk -StorePath $store -Overwrite
            $null = Save-BaseVhd vhds/a.vhd (Join-Path $folder 'back.vhd') -StorePath $store
            Get-ContentHash (Join-Path $folder 'back.vhd') 24MB | Should -Be (Get-ContentHash $other 24MB)
        }

        It 'reads back with -Verify' {
            (Publish-BaseVhd $source vhds/a.vhd -DataDisk -StorePath $store -Verify).IsVerified | Should -BeTrue
        }

        It 'sends only the difference with -BaseImageUri' {
            $base = Join-Path $folder 'base.vhd'
            $child = Join-Path $folder 'child.vhd'
            Convert-BaseVhd $source $base
            $null = New-DifferencingVhd $child $base
            Add-DifferencingBlock $child 1 0x5A
            $null = Publish-BaseVhd $base vhds/base.vhd -DataDisk -StorePath $store
            $published = Publish-BaseVhd $child vhds/child.vhd -BaseImageUri vhds/base.vhd -DataDisk -StorePath $store
            $published.BytesSent | Should -BeLessOrEqual (2MB + 512)
            $whole = Convert-BaseVhd $child (Join-Path $folder 'whole.vhd') -PassThru
            $null = Save-BaseVhd vhds/child.vhd (Join-Path $folder 'back.vhd') -StorePath $store
            Get-ContentHash (Join-Path $folder 'back.vhd') 24MB | Should -Be (Get-ContentHash $whole.Path 24MB)
        }
    }

    Context 'Pipeline' {
        It 'takes files' {
            $null = New-SmallDisk (Join-Path $folder 'second.raw') 2
            Get-ChildItem $folder -Filter '*.raw' | Publish-BaseVhd -Destination vhds/ -DataDisk -StorePath $store |
                ForEach-Object Name | Sort-Object | Should -Be @('vhds/second.vhd', 'vhds/source.vhd')
        }

        It 'does not write a blob twice' {
            $second = New-SmallDisk (Join-Path $folder 'second.raw') 2
            $failure = Get-Failure { $source, $second | Publish-BaseVhd -Destination vhds/a.vhd -DataDisk -StorePath $store -Overwrite }
            Assert-Failure $failure[-1] BlobExists ResourceExists 'vhds/a.vhd'
            $failure[-1].Exception.Message | Should -BeLike '*was already written by this command*'
        }
    }

    Context 'WhatIf' {
        It 'touches nothing' {
            $before = Get-FolderState $folder
            Publish-BaseVhd $source vhds/a.vhd -StorePath $store -WhatIf | Should -BeNullOrEmpty
            Get-FolderState $folder | Should -Be $before
            Test-Path $store | Should -BeFalse
        }

        It 'names the disk, the blob and what happens, without a signature' {
            $text = Invoke-Fresh "Publish-BaseVhd '$source' 'https://a.blob.core.windows.net/vhds?sv=1&sig=topsecret' -BaseImageUri 'https://a.blob.core.windows.net/vhds/b.vhd?sig=topsecret' -Overwrite -WhatIf"
            $text | Should -BeLike "*`"Copy 'https://a.blob.core.windows.net/vhds/b.vhd' and upload what differs, replacing a blob that is there`" on target `"'$source' -> 'https://a.blob.core.windows.net/vhds/source.vhd'`"*"
            $text | Should -Not -BeLike '*topsecret*'
        }
    }

    Context 'Errors' {
        It 'names a missing disk' {
            $missing = Join-Path $folder 'missing.vhd'
            Assert-Failure (Get-Failure { Publish-BaseVhd $missing vhds/a.vhd -StorePath $store }) FileNotFound ObjectNotFound $missing
        }

        It 'refuses a disk that Azure would refuse, before the first byte' {
            $small = New-SmallDisk (Join-Path $folder 'small.raw') -Length 4MB
            Assert-Failure (Get-Failure { Publish-BaseVhd $small vhds/a.vhd -StorePath $store }) ReadinessFailed InvalidData $small
            Join-Path $store vhds | Should -Not -Exist
            (Publish-BaseVhd $small vhds/a.vhd -StorePath $store -SkipReadinessTest).Name | Should -Be 'vhds/a.vhd'
        }

        It 'refuses a blob that exists' {
            $null = Publish-BaseVhd $source vhds/a.vhd -DataDisk -StorePath $store
            $failure = Get-Failure { Publish-BaseVhd $source vhds/a.vhd -DataDisk -StorePath $store }
            $failure.FullyQualifiedErrorId | Should -Be 'BlobExists,AzureVmRole.PowerShell.Commands.PublishBaseVhdCommand'
            $failure.CategoryInfo.Category | Should -Be 'ResourceExists'
            $failure.TargetObject | Should -BeLike '*vhds/a.vhd'
            $failure.ErrorDetails.RecommendedAction | Should -BeLike '*-Overwrite*'
        }

        It 'refuses the destination <Destination>' -ForEach @{ Destination = 'UPPER/a.vhd' }, @{ Destination = 'ftp://host/vhds/a.vhd' } {
            $failure = Get-Failure { Publish-BaseVhd $source $Destination -DataDisk -StorePath $store }
            Assert-Failure $failure AddressInvalid InvalidArgument $Destination
        }

        It 'refuses a base that is another disk' {
            $base = Join-Path $folder 'base.vhd'
            $child = Join-Path $folder 'child.vhd'
            Convert-BaseVhd $source $base
            $null = New-DifferencingVhd $child $base
            $null = Publish-BaseVhd (New-SmallDisk (Join-Path $folder 'other.raw') 2) vhds/other.vhd -DataDisk -StorePath $store
            $failure = Get-Failure { Publish-BaseVhd $child vhds/child.vhd -BaseImageUri vhds/other.vhd -DataDisk -StorePath $store }
            $failure.FullyQualifiedErrorId | Should -BeLike 'BaseImageMismatch,*'
            $failure.CategoryInfo.Category | Should -Be 'InvalidData'
        }

        It 'refuses <Count> threads' -ForEach @{ Count = 0 }, @{ Count = 65 } {
            { Publish-BaseVhd $source vhds/a.vhd -NumberOfThreads $Count } | Should -Throw -ErrorId 'ParameterArgumentValidationError,*'
        }
    }

    Context 'Stop' {
        It 'leaves a half upload, which the next run continues' {
            $large = Join-Path $folder 'large.raw'
            New-LargeImage $large
            Assert-Stopped (Stop-Started Publish-BaseVhd @{
                    Path = $large; Destination = 'vhds/a.vhd'; DataDisk = $true; StorePath = $store
                })
            (Get-VhdBlob vhds/a.vhd -StorePath $store).UploadState | Should -Be 'Uploading'
            $failure = Get-Failure { Save-BaseVhd vhds/a.vhd (Join-Path $folder 'back.vhd') -StorePath $store }
            $failure.FullyQualifiedErrorId | Should -BeLike 'UploadIncomplete,*'
            $published = Publish-BaseVhd $large vhds/a.vhd -DataDisk -StorePath $store
            $published.IsResumed | Should -BeTrue
            (Get-VhdBlob vhds/a.vhd -StorePath $store).UploadState | Should -Be 'Complete'
        }
    }

    Context 'Formatting' {
        It 'shows the upload as a table' {
            Publish-BaseVhd $source vhds/a.vhd -DataDisk -StorePath $store | Out-String -Width 100 |
                Should -Match '(?m)^ +25,165,824 .*vhds/a\.vhd'
        }
    }

    Context 'Azurite' -Skip:(-not $azurite) {
        BeforeAll {
            $azurite = Start-Azurite
        }

        AfterAll {
            Stop-Azurite $azurite
        }

        It 'uploads, lists, copies, brings back and deletes' {
            $published = Publish-BaseVhd $source "$($azurite.Account)/vhds/" -DataDisk
            $published.Uri | Should -Be "$($azurite.Account)/vhds/source.vhd"
            $listed = Get-VhdBlob "$($azurite.Account)/vhds/"
            $listed.ContentHash | Should -Be $published.ContentHash
            $copy = $listed | Copy-BaseVhd -Destination "$($azurite.Account)/archive/"
            $copy.Name | Should -Be 'archive/source.vhd'
            $null = $copy | Save-BaseVhd -DestinationPath "$folder/"
            Get-ContentHash (Join-Path $folder 'source.vhd') 24MB | Should -Be $hash
            $listed | Remove-VhdBlob -Confirm:$false
            Get-VhdBlob "$($azurite.Account)/vhds/" | Should -BeNullOrEmpty
        }
    }
}
