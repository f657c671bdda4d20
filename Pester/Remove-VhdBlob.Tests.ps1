BeforeAll {
    . $PSScriptRoot/Disks.ps1
    . $PSScriptRoot/Stores.ps1
}

Describe 'Remove-VhdBlob' {
    BeforeEach {
        $folder = New-Folder 'remove'
        $store = Join-Path $folder 'store'
        $published = Add-Blob $store 'vhds/a.vhd', 'vhds/b.vhd'
    }

    Context 'Parameters' {
        It 'deletes one blob, and writes nothing' {
            Remove-VhdBlob vhds/a.vhd -StorePath $store -Confirm:$false | Should -BeNullOrEmpty
            Get-BlobName $store | Should -Be @('vhds/b.vhd')
        }

        It 'gives the blob with -PassThru' {
            $removed = Remove-VhdBlob -Name vhds/a.vhd -StorePath $store -PassThru -Confirm:$false
            $removed | Should -BeOfType ([AzureVmRole.VhdBlob])
            $removed.ContentHash | Should -Be $published[0].ContentHash
        }

        It 'asks before it deletes' {
            (Get-Command Remove-VhdBlob).ImplementingType.GetCustomAttributes([System.Management.Automation.CmdletAttribute], $false).ConfirmImpact |
                Should -Be 'High'
        }
    }

    Context 'Pipeline' {
        It 'deletes what Get-VhdBlob gives' {
            Get-VhdBlob -StorePath $store | Remove-VhdBlob -Confirm:$false
            Get-BlobName $store | Should -BeNullOrEmpty
        }

        It 'keeps a blob that was changed since Get-VhdBlob saw it' {
            $seen = Get-VhdBlob vhds/a.vhd -StorePath $store
            $null = Publish-BaseVhd (New-SmallDisk (Join-Path $folder 'other.raw') 5) vhds/a.vhd -DataDisk -Overwrite -StorePath $store
            $failure = Get-Failure { $seen | Remove-VhdBlob -Confirm:$false }
            $failure.FullyQualifiedErrorId | Should -BeLike 'BlobChanged,*'
            $failure.CategoryInfo.Category | Should -Be 'InvalidOperation'
            Get-BlobName $store | Should -Be @('vhds/a.vhd', 'vhds/b.vhd')
        }
    }

    Context 'WhatIf' {
        It 'touches nothing' {
            Remove-VhdBlob vhds/a.vhd -StorePath $store -WhatIf
            Get-BlobName $store | Should -Be @('vhds/a.vhd', 'vhds/b.vhd')
        }

        It 'says what would go, without a signature' {
            $text = Invoke-Fresh "Remove-VhdBlob 'https://a.blob.core.windows.net/vhds/b.vhd?sig=topsecret' -IncludeSnapshot -BreakLease -WhatIf"
            $text | Should -BeLike "*`"Delete with its snapshots, breaking a lease that somebody holds`" on target `"'https://a.blob.core.windows.net/vhds/b.vhd'`"*"
            $text | Should -Not -BeLike '*topsecret*'
        }
    }

    Context 'Errors' {
        It 'names a blob that does not exist' {
            $failure = Get-Failure { Remove-VhdBlob vhds/missing.vhd -StorePath $store -Confirm:$false }
            $failure.FullyQualifiedErrorId | Should -Be 'BlobNotFound,AzureVmRole.PowerShell.Commands.RemoveVhdBlobCommand'
            $failure.CategoryInfo.Category | Should -Be 'ObjectNotFound'
            $failure.TargetObject | Should -BeLike '*vhds/missing.vhd'
        }

        It 'deletes no container: <Name>' -ForEach @{ Name = 'vhds' }, @{ Name = 'vhds/' } {
            $failure = Get-Failure { Remove-VhdBlob $Name -StorePath $store -Confirm:$false }
            $failure.FullyQualifiedErrorId | Should -BeLike 'AddressInvalid,*'
            Get-BlobName $store | Should -HaveCount 2
        }

        It 'takes a wildcard as letters' {
            $failure = Get-Failure { Remove-VhdBlob vhds/* -StorePath $store -Confirm:$false }
            @($failure).Count | Should -Be 1
            Get-BlobName $store | Should -HaveCount 2
        }
    }
}
