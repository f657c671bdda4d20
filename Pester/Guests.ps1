# What the suites that boot guests share. Dot-sourced in BeforeDiscovery for what is missing, and in BeforeAll after Disks.ps1, where $folder is the folder of the file's disks.

# Whether this machine has the programs to make and boot a tiny guest; says which are missing.
function Test-GuestTool {
    $missing = @('qemu-system-x86_64', 'sfdisk', 'mkfs.vfat', 'mcopy', 'syslinux', 'busybox', 'cpio', 'apt-get') | Where-Object {
        -not (Get-Command $_ -CommandType Application -ErrorAction Ignore) -and -not (Test-Path "/usr/sbin/$_") -and -not (Test-Path "/sbin/$_")
    }
    if ($IsWindows -or $missing) {
        Write-Host "Nothing is booted: this machine lacks $($IsWindows ? 'Linux' : $missing -join ', ')."
    }

    -not $IsWindows -and -not $missing
}

# A disk that boots in seconds: what it does is told by its mode.
function New-Guest ([string] $Mode, [int] $Generation = 1) {
    $disk = Join-Path $folder "$Mode$Generation.raw"
    if (-not (Test-Path $disk)) {
        $said = bash (Join-Path $PSScriptRoot '../tests/AzureVmRole.TestKit/TinyGuest/make.sh') "/tmp/azvmrole-tiny-$([Environment]::UserName)" $Generation $Mode $disk 2>&1
        $LASTEXITCODE | Should -Be 0 -Because "$said"
    }

    $disk
}
