BeforeAll {
    . $PSScriptRoot/Disks.ps1
    . $PSScriptRoot/Stores.ps1
    $folder = New-Folder 'orphans'
    $store = Join-Path $folder 'store'
    $published = Add-Blob $store 'vhds/forgotten.vhd', 'vhds/used.vhd', 'other/young.vhd'
    $references = Join-Path $folder 'in-use.txt'
    Set-Content $references '# what is in use', 'vhds/used.vhd'
}

Describe 'Get-OrphanVhd' {
    Context 'Parameters' {
        It 'keeps what is young by default' {
            $found = Get-OrphanVhd -StorePath $store
            $found | Should -BeOfType ([AzureVmRole.OrphanVhd])
            $found.Name | Should -Be @('other/young.vhd', 'vhds/forgotten.vhd', 'vhds/used.vhd')
            $found.IsOrphan | Should -Be @($false, $false, $false)
            $found.Reasons.Code | Should -Be @('TooYoung', 'TooYoung', 'TooYoung')
        }

        It 'finds orphans, and keeps what a reference file names' {
            $found = Get-OrphanVhd -StorePath $store -MinimumAge 0 -ReferencePath $references
            $found.Where({ $_.IsOrphan }).Name | Should -Be @('other/young.vhd', 'vhds/forgotten.vhd')
            $kept = $found.Where({ -not $_.IsOrphan })
            $kept.Name | Should -Be 'vhds/used.vhd'
            $kept.Reasons.Code | Should -Contain 'Referenced'
            $kept.Reason | Should -Not -BeNullOrEmpty
        }

        It 'takes a number for -MinimumAge as days' {
            (Get-OrphanVhd -StorePath $store -MinimumAge 1).IsOrphan | Should -Not -Contain $true
            (Get-OrphanVhd -StorePath $store -MinimumAge 0.00000001 -OrphanOnly) | Should -HaveCount 3
            (Get-OrphanVhd -StorePath $store -MinimumAge 1:00).IsOrphan | Should -Not -Contain $true
        }

        It 'gives only orphans with -OrphanOnly, of one container' {
            (Get-OrphanVhd other -StorePath $store -MinimumAge 0 -OrphanOnly).Name | Should -Be 'other/young.vhd'
        }

        It 'computes the cost with -PricePerGiB' {
            $disk = Get-OrphanVhd other -StorePath $store -MinimumAge 0 -PricePerGiB 1024
            $disk.MonthlyCost | Should -BeGreaterThan 24
            $disk.MonthlyCost | Should -BeLessThan 24.01
            (Get-OrphanVhd other -StorePath $store).MonthlyCost | Should -BeNullOrEmpty
        }

        It 'writes a plan, and replaces one with -Overwrite' {
            $plan = Join-Path $folder 'plan.json'
            $null = Get-OrphanVhd -StorePath $store -MinimumAge 0 -PlanPath $plan
            Get-Content -Raw $plan | Should -BeLike '*vhds/forgotten.vhd*'
            Assert-Failure (Get-Failure { Get-OrphanVhd -StorePath $store -MinimumAge 0 -PlanPath $plan | Out-Null }) TargetExists ResourceExists $plan
            $null = Get-OrphanVhd -StorePath $store -MinimumAge 0 -ReferencePath $references -PlanPath $plan -Overwrite
            Get-Content -Raw $plan | Should -Not -BeLike '*vhds/used.vhd*'
        }

        It 'changes nothing in the store' {
            $before = Get-VhdBlob -StorePath $store | Select-Object Name, ETag | ConvertTo-Json
            $null = Get-OrphanVhd -StorePath $store -MinimumAge 0
            Get-VhdBlob -StorePath $store | Select-Object Name, ETag | ConvertTo-Json | Should -Be $before
        }
    }

    Context 'Errors' {
        It 'names a reference file that does not exist' {
            $missing = Join-Path $folder 'missing.txt'
            Assert-Failure (Get-Failure { Get-OrphanVhd -StorePath $store -ReferencePath $missing }) FileNotFound ObjectNotFound $missing
        }

        It 'refuses a reference file that makes no sense' {
            $bad = Join-Path $folder 'bad.txt'
            Set-Content $bad 'ftp://host/vhds/a.vhd'
            $failure = Get-Failure { Get-OrphanVhd -StorePath $store -ReferencePath $bad }
            @($failure).Count | Should -Be 1
            $failure.FullyQualifiedErrorId | Should -BeLike 'ReferenceFileInvalid,*'
            $failure.CategoryInfo.Category | Should -Be 'InvalidData'
        }

        It 'names a container that does not exist' {
            $failure = Get-Failure { Get-OrphanVhd missing -StorePath $store }
            @($failure).Count | Should -Be 1
            $failure.CategoryInfo.Category | Should -Not -Be 'NotSpecified'
        }
    }

    Context 'Formatting' {
        It 'shows a table' {
            Get-OrphanVhd other -StorePath $store -MinimumAge 0 | Out-String -Width 80 | Should -Match '(?m)^True +25,165,824 +0 Unreferenced +other/young\.vhd'
        }
    }
}
