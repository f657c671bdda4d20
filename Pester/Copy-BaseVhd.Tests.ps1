BeforeAll {
    . $PSScriptRoot/Disks.ps1
    . $PSScriptRoot/Stores.ps1
}

Describe 'Copy-BaseVhd' {
    BeforeEach {
        $folder = New-Folder 'copy'
        $store = Join-Path $folder 'store'
        $published = Add-Blob $store 'vhds/a.vhd'
    }

    Context 'Parameters' {
        It 'copies content, hash and metadata within a container' {
            $copy = Copy-BaseVhd vhds/a.vhd vhds/b.vhd -StorePath $store
            $copy | Should -BeOfType ([AzureVmRole.VhdBlob])
            $copy.Name | Should -BeExactly 'vhds/b.vhd'
            $copy.ContentHash | Should -Be $published.ContentHash
            $copy.UploadState | Should -Be 'Complete'
            $null = Save-BaseVhd vhds/b.vhd (Join-Path $folder 'b.vhd') -StorePath $store
            Get-ContentHash (Join-Path $folder 'b.vhd') 24MB | Should -Be (Get-ContentHash (Join-Path $folder 'source10.raw') 24MB)
        }

        It 'copies to another store' {
            $other = Join-Path $folder 'other'
            $null = New-Item -ItemType Directory (Join-Path $other 'vhds')
            $target = [uri]::new((Join-Path $other 'vhds/a.vhd')).AbsoluteUri
            $copy = Copy-BaseVhd vhds/a.vhd $target -StorePath $store
            $copy.ContentHash | Should -Be $published.ContentHash
            Get-BlobName $other | Should -Be @('vhds/a.vhd')
        }

        It 'gives the copy in <Destination> the name of the source' -ForEach @{ Destination = 'archive' }, @{ Destination = 'archive/' } {
            (Copy-BaseVhd vhds/a.vhd $Destination -StorePath $store).Name | Should -BeExactly 'archive/a.vhd'
        }

        It 'replaces a blob with -Overwrite' {
            $null = Add-Blob $store 'vhds/c.vhd', 'vhds/d.vhd'
            (Copy-BaseVhd vhds/d.vhd vhds/a.vhd -Overwrite -StorePath $store).ContentHash |
                Should -Be (Get-VhdBlob vhds/d.vhd -StorePath $store).ContentHash
        }
    }

    Context 'Pipeline' {
        It 'takes the objects of Get-VhdBlob' {
            (Get-VhdBlob -StorePath $store | Copy-BaseVhd -Destination archive/ -StorePath $store).Name | Should -Be 'archive/a.vhd'
        }

        It 'does not write a blob twice' {
            $failure = Get-Failure { 'vhds/a.vhd', 'vhds/a.vhd' | Copy-BaseVhd -Destination vhds/b.vhd -Overwrite -StorePath $store }
            Assert-Failure $failure BlobExists ResourceExists 'vhds/b.vhd'
        }
    }

    Context 'WhatIf' {
        It 'touches nothing, and names both blobs' {
            Copy-BaseVhd vhds/a.vhd vhds/b.vhd -StorePath $store -WhatIf | Should -BeNullOrEmpty
            Get-BlobName $store | Should -Be @('vhds/a.vhd')
            Invoke-Fresh "Copy-BaseVhd 'https://a.blob.core.windows.net/vhds/b.vhd?sig=topsecret' archive/ -Overwrite -WhatIf" |
                Should -BeLike "*`"Copy disk, replacing a blob that is there`" on target `"'https://a.blob.core.windows.net/vhds/b.vhd' -> 'archive/b.vhd'`"*"
        }
    }

    Context 'Errors' {
        It 'names a source that does not exist' {
            $failure = Get-Failure { Copy-BaseVhd vhds/missing.vhd vhds/b.vhd -StorePath $store }
            $failure.FullyQualifiedErrorId | Should -Be 'BlobNotFound,AzureVmRole.PowerShell.Commands.CopyBaseVhdCommand'
            $failure.CategoryInfo.Category | Should -Be 'ObjectNotFound'
            $failure.TargetObject | Should -BeLike '*vhds/missing.vhd'
        }

        It 'refuses a destination that exists' {
            $null = Add-Blob $store 'vhds/c.vhd'
            $failure = Get-Failure { Copy-BaseVhd vhds/a.vhd vhds/c.vhd -StorePath $store }
            $failure.FullyQualifiedErrorId | Should -BeLike 'BlobExists,*'
            $failure.CategoryInfo.Category | Should -Be 'ResourceExists'
            $failure.ErrorDetails.RecommendedAction | Should -BeLike '*-Overwrite*'
        }
    }

    Context 'Formatting' {
        It 'shows the copy as a table' {
            Copy-BaseVhd vhds/a.vhd vhds/b.vhd -StorePath $store | Out-String -Width 80 | Should -Match '(?m)Complete +vhds/b\.vhd'
        }
    }
}
