BeforeAll {
    . $PSScriptRoot/Disks.ps1
    . $PSScriptRoot/Stores.ps1
}

Describe 'Remove-OrphanVhd' {
    BeforeEach {
        $folder = New-Folder 'remove-orphans'
        $store = Join-Path $folder 'store'
        $published = Add-Blob $store 'vhds/forgotten.vhd', 'vhds/old.vhd', 'vhds/used.vhd'
        $references = Join-Path $folder 'in-use.txt'
        Set-Content $references 'vhds/used.vhd'
        $log = Join-Path $folder 'removed.log'
        $search = @{ StorePath = $store; MinimumAge = 0; ReferencePath = $references }
        $remove = @{ StorePath = $store; MinimumAge = 0; ReferencePath = $references; MaximumPercent = 100; LogPath = $log; Confirm = $false }
    }

    Context 'Parameters' {
        It 'deletes the orphans of a plan and keeps the rest' {
            $plan = Join-Path $folder 'plan.json'
            $null = Get-OrphanVhd @search -PlanPath $plan
            $removed = Remove-OrphanVhd -PlanPath $plan @remove
            $removed | Should -BeOfType ([AzureVmRole.RemovedVhd])
            $removed.Name | Should -Be @('vhds/forgotten.vhd', 'vhds/old.vhd')
            $removed.Removed | Should -Be @($true, $true)
            Get-BlobName $store | Should -Be @('vhds/used.vhd')
            (Get-Content $log).Where({ $_ -match 'vhds/(forgotten|old)\.vhd' }).Count | Should -BeGreaterOrEqual 2
        }

        It 'keeps copies with -TakeSnapshot' {
            $removed = Get-OrphanVhd @search | Remove-OrphanVhd @remove -TakeSnapshot
            $removed.KeptCopy | Should -BeLike 'azvmrole-removed/*'
            Get-BlobName $store | Should -HaveCount 3
            (Get-VhdBlob azvmrole-removed -All -StorePath $store).ContentHash | Sort-Object |
                Should -Be ($published[0..1].ContentHash | Sort-Object)
        }

        It 'asks for each blob' {
            (Get-Command Remove-OrphanVhd).ImplementingType.GetCustomAttributes([System.Management.Automation.CmdletAttribute], $false).ConfirmImpact |
                Should -Be 'High'
        }
    }

    Context 'Pipeline' {
        It 'takes the report, and passes over what is kept' {
            (Get-OrphanVhd @search | Remove-OrphanVhd @remove).Name | Should -Be @('vhds/forgotten.vhd', 'vhds/old.vhd')
            Get-BlobName $store | Should -Be @('vhds/used.vhd')
        }

        It 'takes a part of the report' {
            Get-OrphanVhd @search | Where-Object Name -Like '*old*' | Remove-OrphanVhd @remove | ForEach-Object Name | Should -Be 'vhds/old.vhd'
            Get-BlobName $store | Should -Be @('vhds/forgotten.vhd', 'vhds/used.vhd')
        }

        It 'does nothing without input' {
            @() | Remove-OrphanVhd @remove | Should -BeNullOrEmpty
            Test-Path $log | Should -BeFalse
        }

        It 'keeps a blob that was changed or came into use after the report' {
            $report = Get-OrphanVhd @search
            $null = Publish-BaseVhd (New-SmallDisk (Join-Path $folder 'new.raw') 99) vhds/old.vhd -DataDisk -Overwrite -StorePath $store
            Add-Content $references 'vhds/forgotten.vhd'
            $results = $report | Remove-OrphanVhd @remove
            $results.Removed | Should -Be @($false, $false)
            $results.Reason | Should -Not -Contain ''
            Get-BlobName $store | Should -HaveCount 3
        }
    }

    Context 'WhatIf' {
        It 'touches nothing and names each blob' {
            $before = Get-FolderState $folder -ByTime
            $remove.Remove('Confirm')
            Get-OrphanVhd @search | Remove-OrphanVhd @remove -WhatIf | Should -BeNullOrEmpty
            Get-BlobName $store | Should -HaveCount 3
            Test-Path $log | Should -BeFalse
            $text = Invoke-Fresh "Get-OrphanVhd -StorePath '$store' -MinimumAge 0 -ReferencePath '$references' |
                Remove-OrphanVhd -StorePath '$store' -MinimumAge 0 -ReferencePath '$references' -MaximumPercent 100 -TakeSnapshot -WhatIf"
            $text | Should -BeLike '*"Copy, then delete 24 MiB (*)" on target "''file://*/vhds/forgotten.vhd''"*'
            $text | Should -BeLike '*vhds/old.vhd''"*'
            $text | Should -Not -BeLike '*vhds/used.vhd''"*'
        }
    }

    Context 'Errors' {
        It 'deletes nothing above -MaximumCount' {
            $remove.MaximumCount = 1
            $failure = Get-Failure { Get-OrphanVhd @search | Remove-OrphanVhd @remove }
            @($failure).Count | Should -Be 1
            $failure.FullyQualifiedErrorId | Should -Be 'RemovalLimitExceeded,AzureVmRole.PowerShell.Commands.RemoveOrphanVhdCommand'
            $failure.CategoryInfo.Category | Should -Be 'LimitsExceeded'
            $failure.ErrorDetails.RecommendedAction | Should -Not -BeNullOrEmpty
            Get-BlobName $store | Should -HaveCount 3
        }

        It 'deletes nothing above -MaximumPercent' {
            $remove.Remove('MaximumPercent')
            $failure = Get-Failure { Get-OrphanVhd @search | Remove-OrphanVhd @remove }
            $failure.FullyQualifiedErrorId | Should -BeLike 'RemovalLimitExceeded,*'
            Get-BlobName $store | Should -HaveCount 3
        }

        It 'deletes nothing of a plan whose listing was cut short' {
            $plan = Join-Path $folder 'plan.json'
            $null = Get-OrphanVhd @search -PlanPath $plan
            (Get-Content -Raw $plan) -replace '"isComplete": true', '"isComplete": false' | Set-Content $plan
            $failure = Get-Failure { Remove-OrphanVhd -PlanPath $plan @remove }
            Assert-Failure $failure RemovalPlanInvalid InvalidData $plan
            Get-BlobName $store | Should -HaveCount 3
        }

        It 'refuses a file that is no plan' {
            $plan = Join-Path $folder 'plan.json'
            Set-Content $plan '{ "what": 1 }'
            $failure = Get-Failure { Remove-OrphanVhd -PlanPath $plan @remove }
            Assert-Failure $failure RemovalPlanInvalid InvalidData $plan
        }

        It 'names a plan that does not exist' {
            $missing = Join-Path $folder 'missing.json'
            Assert-Failure (Get-Failure { Remove-OrphanVhd -PlanPath $missing @remove }) FileNotFound ObjectNotFound $missing
        }
    }

    Context 'Formatting' {
        It 'shows a table' {
            Get-OrphanVhd @search | Remove-OrphanVhd @remove | Out-String -Width 80 | Should -Match '(?m)^True +25,166,336 vhds/forgotten\.vhd'
        }
    }
}
