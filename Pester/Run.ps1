# Runs every suite and prints one line that scripts can read.
$ErrorActionPreference = 'Stop'
Import-Module Pester -MinimumVersion 5.5
$configuration = New-PesterConfiguration
$configuration.Run.Path = $PSScriptRoot
$configuration.Run.PassThru = $true
$configuration.Output.Verbosity = 'Normal'
$result = Invoke-Pester -Configuration $configuration
$broken = $result.FailedBlocksCount + $result.FailedContainersCount
"Pester: $($result.PassedCount) passed, $($result.FailedCount + $broken) failed"
exit [int]($result.FailedCount + $broken -gt 0)
