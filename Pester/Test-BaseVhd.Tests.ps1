BeforeAll {
    . $PSScriptRoot/Disks.ps1
    $folder = New-Folder 'test'
    $good = Join-Path $folder 'good.vhd'
    $dynamic = Join-Path $folder 'dynamic.vhd'
    $damaged = Join-Path $folder 'damaged.vhd'
    $null = New-BaseVhd $good 32MB
    $null = New-BaseVhd $dynamic 32MB -Dynamic
    $null = New-BaseVhd $damaged 32MB
    Set-FileByte $damaged (32MB + 64) ([byte[]]::new(4))
}

Describe 'Test-BaseVhd' {
    Context 'Parameters' {
        It 'reports a disk that is ready' {
            $report = Test-BaseVhd $good -DataDisk
            $report | Should -BeOfType ([AzureVmRole.ReadinessReport])
            $report.IsReady | Should -BeTrue
            $report.Size | Should -Be 32MB
            $report.Rules.Count | Should -BeGreaterThan 5
            $report.Findings | Where-Object Severity -EQ Error | Should -BeNullOrEmpty
        }

        It 'finds what Azure refuses, all at once' {
            $report = Test-BaseVhd -Path $dynamic -DataDisk
            $report.IsReady | Should -BeFalse
            $report.Findings | ForEach-Object {
                $_ | Should -BeOfType ([AzureVmRole.DiskFinding])
                $_.RuleId | Should -BeIn $report.Rules
                $_.Path | Should -Be $dynamic
                $_.Found, $_.Expected, $_.Remedy | Should -Not -BeNullOrEmpty
            }
        }

        It 'gives a report for a broken disk' {
            $report = Test-BaseVhd -LiteralPath $damaged -DataDisk
            $report.IsReady | Should -BeFalse
            $report.Findings.CanRepair | Should -Contain $true
        }

        It 'puts the most severe finding first' {
            $severities = [int[]] (Test-BaseVhd $dynamic).Findings.Severity
            $severities | Should -Be ($severities | Sort-Object -Descending)
        }

        It 'tests for the wanted generation' {
            (Test-BaseVhd $good -Generation Gen2).Generation | Should -Be 'Gen2'
            { Test-BaseVhd $good -Generation Unknown } | Should -Throw -ErrorId 'ParameterArgumentValidationError,*'
        }

        It 'answers yes or no with -Quiet' {
            Test-BaseVhd $good -DataDisk -Quiet | Should -BeTrue
            Test-BaseVhd $dynamic -DataDisk -Quiet | Should -BeFalse
            Test-BaseVhd $good -DataDisk -Quiet | Should -BeOfType ([bool])
        }

        It 'changes nothing' {
            $before = Get-FolderState $folder
            $null = Test-BaseVhd (Join-Path $folder '*.vhd')
            Get-FolderState $folder | Should -Be $before
        }
    }

    Context 'Pipeline' {
        It 'takes files, names and objects' {
            (Get-ChildItem $folder -Filter *.vhd | Test-BaseVhd).Count | Should -Be 3
            ($good, $dynamic | Test-BaseVhd -DataDisk -Quiet) | Should -Be @($true, $false)
            (Get-BaseVhd $good | Test-BaseVhd -DataDisk -Quiet) | Should -BeTrue
        }
    }

    Context 'Errors' {
        It 'names a missing file, with and without -Quiet' {
            $missing = Join-Path $folder 'missing.vhd'
            Assert-Failure (Get-Failure { Test-BaseVhd $missing }) FileNotFound ObjectNotFound $missing
            Assert-Failure (Get-Failure { Test-BaseVhd $missing -Quiet }) FileNotFound ObjectNotFound $missing
        }

        It 'refuses a folder' {
            Assert-Failure (Get-Failure { Test-BaseVhd $folder }) PathIsFolder InvalidArgument $folder
        }
    }

    Context 'Stop' {
        It 'ends when the pipeline has enough' {
            Test-BaseVhd (Join-Path $folder '*.vhd') | Select-Object -First 1 | Should -HaveCount 1
        }
    }

    Context 'Formatting' {
        It 'shows a report as a list with the answer on top' {
            $text = Test-BaseVhd $dynamic -DataDisk | Out-String -Width 100
            $text | Should -Match '(?m)^Path +: .*dynamic\.vhd'
            $text | Should -Match '(?m)^IsReady +: False'
            $text | Should -Match '(?m)^Size +: 33,554,432'
            $text | Should -Match '(?m)^Findings +: \{'
        }

        It 'shows findings as a table that fits 100 columns' {
            $lines = ((Test-BaseVhd $dynamic -DataDisk).Findings | Out-String -Width 100) -split '\r?\n'
            $lines | Where-Object { $_ -match '^Severity +RuleId +Found +Remedy' } | Should -HaveCount 1
            ($lines | Measure-Object Length -Maximum).Maximum | Should -BeLessOrEqual 100
        }
    }
}
