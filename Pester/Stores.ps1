# What the suites about storage share. Dot-sourced in every BeforeAll, after Disks.ps1: . $PSScriptRoot/Stores.ps1

# Nothing of what these suites do touches the caller's own store and journals, or uses the caller's accounts. There is no TestDrive
# while tests are discovered.
if (Test-Path Variable:TestDrive) {
    $env:AZUREVMROLE_HOME = New-Folder 'home'
}

'AZURE_STORAGE_CONNECTION_STRING', 'AZURE_STORAGE_ACCOUNT', 'AZURE_STORAGE_KEY', 'AZURE_STORAGE_SAS_TOKEN' |
    ForEach-Object { Remove-Item -LiteralPath "Env:$_" -ErrorAction Ignore }

# A disk of 24 MiB with 512 KiB of data, as a raw image; the content depends on the seed.
function New-SmallDisk ([string] $Path, [int] $Seed = 1, [long] $Length = 24MB) {
    New-RawImage $Path $Length -Offset 1MB -Count 512KB -Seed $Seed
    $Path
}

# Blobs in a store, each a small disk of its own content.
function Add-Blob ([string] $Store, [string[]] $Name) {
    $seed = 10
    foreach ($blob in $Name) {
        $disk = New-SmallDisk (Join-Path (Split-Path $Store) "source$seed.raw") ($seed++)
        Publish-BaseVhd $disk $blob -DataDisk -StorePath $Store
    }
}

# The names of the blobs in a store.
function Get-BlobName ([string] $Store) {
    @(Get-VhdBlob -StorePath $Store -All | ForEach-Object Name)
}

# Azurite, where AZVMROLE_AZURITE names it, tests/run has put it or the machine has it; else nothing.
function Find-Azurite {
    $own = Join-Path (Split-Path $PSScriptRoot) 'tests/.tools/node_modules/.bin' ($IsWindows ? 'azurite-blob.cmd' : 'azurite-blob')
    if ($env:AZVMROLE_AZURITE) {
        $env:AZVMROLE_AZURITE
    }
    elseif (Test-Path -LiteralPath $own) {
        $own
    }
    else {
        Get-Command azurite-blob -CommandType Application -ErrorAction Ignore | Select-Object -First 1 -ExpandProperty Source
    }
}

# Starts Azurite, which chooses a free port and says which. Stop-Azurite ends it.
function Start-Azurite {
    $start = [System.Diagnostics.ProcessStartInfo]::new((Find-Azurite))
    '--blobHost', '127.0.0.1', '--blobPort', '0', '--silent', '--disableTelemetry', '--skipApiVersionCheck', '--location', (New-Folder 'azurite') |
        ForEach-Object { $start.ArgumentList.Add($_) }
    $start.RedirectStandardOutput = $true
    $process = [System.Diagnostics.Process]::Start($start)
    while ($null -ne ($line = $process.StandardOutput.ReadLine())) {
        if ($line -match 'successfully listens on (http\S+)') {
            $null = $process.StandardOutput.BaseStream.CopyToAsync([System.IO.Stream]::Null)
            return [pscustomobject]@{ Process = $process; Account = "$($Matches[1].TrimEnd('/'))/devstoreaccount1" }
        }
    }

    throw 'Azurite ended before it listened.'
}

function Stop-Azurite ($Azurite) {
    if ($Azurite -and -not $Azurite.Process.HasExited) {
        $Azurite.Process.Kill($true)
        $Azurite.Process.WaitForExit()
    }
}
