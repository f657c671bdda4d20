BeforeAll {
    . $PSScriptRoot/Disks.ps1
    . $PSScriptRoot/Stores.ps1
    $folder = New-Folder 'get'
    $store = Join-Path $folder 'store'
    $published = Add-Blob $store 'archive/old.vhd', 'vhds/a.vhd', 'vhds/b.vhd', 'vhds/notes.img'
}

Describe 'Get-VhdBlob' {
    Context 'Parameters' {
        It 'lists every disk of the store, in order' {
            $blobs = Get-VhdBlob -StorePath $store
            $blobs.Name | Should -Be @('archive/old.vhd', 'vhds/a.vhd', 'vhds/b.vhd')
            $blobs | Should -BeOfType ([AzureVmRole.VhdBlob])
            $blobs[1].Size | Should -Be 24MB
            $blobs[1].BlobType | Should -Be 'PageBlob'
            $blobs[1].UploadState | Should -Be 'Complete'
            $blobs[1].ContentHash | Should -Be $published[1].ContentHash
            $blobs[1].DiskIdentifier | Should -Be $published[1].DiskIdentifier
            $blobs[1].LeaseState | Should -Be 'Available'
        }

        It 'lists what <Name> names' -ForEach @(
            @{ Name = 'vhds'; Expected = 'vhds/a.vhd', 'vhds/b.vhd' }
            @{ Name = 'vhds/'; Expected = 'vhds/a.vhd', 'vhds/b.vhd' }
            @{ Name = 'vhds/*'; Expected = 'vhds/a.vhd', 'vhds/b.vhd' }
            @{ Name = 'vhds/a*'; Expected = @('vhds/a.vhd') }
            @{ Name = '*/?.vhd'; Expected = 'vhds/a.vhd', 'vhds/b.vhd' }
            @{ Name = 'vhds/notes.img'; Expected = @('vhds/notes.img') }
        ) {
            @((Get-VhdBlob $Name -StorePath $store).Name) | Should -Be $Expected
        }

        It 'lists other blobs with -All' {
            (Get-VhdBlob vhds -All -StorePath $store).Name | Should -Be @('vhds/a.vhd', 'vhds/b.vhd', 'vhds/notes.img')
        }

        It 'takes the address that it gave' {
            $blob = Get-VhdBlob vhds/a.vhd -StorePath $store
            (Get-VhdBlob $blob.Uri.AbsoluteUri).ETag | Should -Be $blob.ETag
        }

        It 'takes a store path relative to the current folder' {
            Push-Location $folder
            try {
                (Get-VhdBlob vhds/a.vhd -StorePath store).Name | Should -Be 'vhds/a.vhd'
            }
            finally {
                Pop-Location
            }
        }

        It 'refuses a folder without a store, and makes none' {
            Get-VhdBlob -StorePath (Join-Path $folder 'empty') -ErrorVariable failure -ErrorAction SilentlyContinue | Should -BeNullOrEmpty
            $failure[0].FullyQualifiedErrorId | Should -Be 'StoreUnreachable,AzureVmRole.PowerShell.Commands.GetVhdBlobCommand'
            Join-Path $folder 'empty' | Should -Not -Exist
        }
    }

    Context 'Pipeline' {
        It 'takes names and objects' {
            ('vhds/a.vhd', 'archive/old.vhd' | Get-VhdBlob -StorePath $store).Name | Should -Be @('vhds/a.vhd', 'archive/old.vhd')
            ($published[1] | Get-VhdBlob).Name | Should -Be 'vhds/a.vhd'
            ([pscustomobject]@{ Uri = $published[2].Uri } | Get-VhdBlob).Name | Should -Be 'vhds/b.vhd'
            ([pscustomobject]@{ Name = 'vhds/b.vhd' } | Get-VhdBlob -StorePath $store).Name | Should -Be 'vhds/b.vhd'
        }

        It 'stops early for Select-Object' {
            (Get-VhdBlob -StorePath $store | Select-Object -First 1).Name | Should -Be 'archive/old.vhd'
        }
    }

    Context 'Completion' {
        It 'offers <Expected> for <Word>' -ForEach @(
            @{ Word = 'v'; Expected = @('vhds/') }
            @{ Word = 'vhds/'; Expected = @('vhds/a.vhd', 'vhds/b.vhd', 'vhds/notes.img') }
            @{ Word = 'vhds/a'; Expected = @('vhds/a.vhd') }
            @{ Word = 'nothing'; Expected = @() }
        ) {
            $line = "Get-VhdBlob -StorePath $store -Name $Word"
            @((TabExpansion2 $line $line.Length).CompletionMatches | ForEach-Object CompletionText) | Should -Be $Expected
        }

        It 'completes the address of a folder store' {
            $address = [uri]::new("file://$store").AbsoluteUri
            $line = "Get-VhdBlob -Name ${address}/vhds/a"
            @((TabExpansion2 $line $line.Length).CompletionMatches | ForEach-Object CompletionText) | Should -Be "${address}/vhds/a.vhd"
        }

        It 'makes no store' {
            $missing = Join-Path $folder 'missing'
            $line = "Get-VhdBlob -StorePath $missing -Name v"
            $null = TabExpansion2 $line $line.Length
            Test-Path $missing | Should -BeFalse
        }
    }

    Context 'Errors' {
        It 'names a blob that does not exist' {
            $failure = Get-Failure { Get-VhdBlob vhds/missing.vhd -StorePath $store }
            $failure.FullyQualifiedErrorId | Should -Be 'BlobNotFound,AzureVmRole.PowerShell.Commands.GetVhdBlobCommand'
            $failure.CategoryInfo.Category | Should -Be 'ObjectNotFound'
            $failure.TargetObject | Should -BeLike '*vhds/missing.vhd'
            $failure.ErrorDetails.RecommendedAction | Should -Not -BeNullOrEmpty
        }

        It 'goes on after one name that is wrong' {
            $failures = Get-Failure { Get-VhdBlob 'vhds/missing.vhd', 'vhds/a.vhd', 'UPPER/x' -StorePath $store }
            @($failures).Count | Should -Be 2
        }

        It 'refuses an address that makes no sense' {
            Assert-Failure (Get-Failure { Get-VhdBlob 'ftp://host/vhds/a.vhd' }) AddressInvalid InvalidArgument 'ftp://host/vhds/a.vhd'
        }
    }

    Context 'Formatting' {
        It 'shows a table' {
            Get-VhdBlob vhds/a.vhd -StorePath $store | Out-String -Width 80 |
                Should -Match '(?m)^ +25,165,824 \d{4}-\d\d-\d\d \d\d:\d\d +Available +Complete +vhds/a\.vhd'
        }

        It 'shows everything as a list' {
            Get-VhdBlob vhds/a.vhd -StorePath $store | Format-List | Out-String -Width 200 | Should -Match '(?m)^ContentHash +: [0-9a-f]{32}'
        }
    }
}
