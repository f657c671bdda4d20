# What the suites share. Dot-sourced in every BeforeAll: . $PSScriptRoot/Disks.ps1

Set-StrictMode -Version 3.0

$ManifestPath = Join-Path (Split-Path $PSScriptRoot) 'AzureVmRole.psd1'
if (-not (Get-Module AzureVmRole)) {
    Import-Module $ManifestPath
}

# The error records that a command writes, whatever the caller's preference.
function Get-Failure ([scriptblock] $Command) {
    $ErrorActionPreference = 'Continue'
    & $Command 2>&1 | Where-Object { $_ -is [System.Management.Automation.ErrorRecord] }
}

# An error is complete when its id, category and target are as documented and it says what to do.
function Assert-Failure ($Failure, [string] $Id, [string] $Category, [string] $Target) {
    @($Failure).Count | Should -Be 1 -Because "one cause gives one error: $Failure"
    $Failure.FullyQualifiedErrorId | Should -BeLike "$Id,AzureVmRole.PowerShell.Commands.*Command"
    $Failure.CategoryInfo.Category | Should -Be $Category
    $Failure.TargetObject | Should -Be $Target
    $Failure.ErrorDetails.RecommendedAction | Should -Not -BeNullOrEmpty
    $Failure.Exception.Message | Should -Not -BeNullOrEmpty
}

# Names, lengths and contents of all files in a folder, as one text; -ByTime takes times for the contents of large files.
function Get-FolderState ([string] $Folder, [switch] $ByTime) {
    Get-ChildItem -LiteralPath $Folder -Recurse -File -Force | Sort-Object FullName | ForEach-Object {
        '{0} {1} {2}' -f $_.FullName, $_.Length, ($ByTime ? $_.LastWriteTimeUtc.Ticks : (Get-FileHash -LiteralPath $_.FullName).Hash)
    } | Out-String
}

function New-Folder ([string] $Name) {
    $path = Join-Path $TestDrive $Name
    if (Test-Path -LiteralPath $path) {
        Remove-Item -LiteralPath $path -Recurse -Force
    }

    (New-Item -ItemType Directory -Path $path).FullName
}

# A raw disk image: bytes that look random from Offset on, zeros elsewhere.
function New-RawImage ([string] $Path, [long] $Length, [long] $Offset = 1MB, [int] $Count = 512KB, [int] $Seed = 1) {
    $bytes = [byte[]]::new($Count)
    [System.Random]::new($Seed).NextBytes($bytes)
    $file = [System.IO.File]::Create($Path)
    try {
        $file.SetLength($Length)
        $file.Position = $Offset
        $file.Write($bytes, 0, $bytes.Length)
    }
    finally {
        $file.Dispose()
    }
}

# A raw disk image without holes, large enough that working on it takes a while.
function New-LargeImage ([string] $Path, [long] $Length = 512MB) {
    $bytes = [byte[]]::new(256KB)
    [System.Random]::new(7).NextBytes($bytes)
    $file = [System.IO.File]::Create($Path)
    try {
        for ($written = 0; $written -lt $Length; $written += $bytes.Length) {
            $file.Write($bytes, 0, $bytes.Length)
        }
    }
    finally {
        $file.Dispose()
    }
}

# The hash of a disk's content: the first Length bytes of a raw image or of a fixed VHD.
function Get-ContentHash ([string] $Path, [long] $Length) {
    $hash = [System.Security.Cryptography.IncrementalHash]::CreateHash('SHA256')
    $file = [System.IO.File]::OpenRead($Path)
    try {
        $buffer = [byte[]]::new(1MB)
        $left = $Length
        while ($left -gt 0) {
            $count = $file.Read($buffer, 0, [Math]::Min($left, $buffer.Length))
            $count | Should -BeGreaterThan 0 -Because "$Path holds $Length bytes"
            $hash.AppendData($buffer, 0, $count)
            $left -= $count
        }

        [System.Convert]::ToHexString($hash.GetHashAndReset())
    }
    finally {
        $file.Dispose()
        $hash.Dispose()
    }
}

function New-ByteArray ([int] $Count, [byte] $Value) {
    $bytes = [byte[]]::new($Count)
    [Array]::Fill($bytes, $Value)
    , $bytes
}

# Overwrites bytes of a file.
function Set-FileByte ([string] $Path, [long] $Offset, [byte[]] $Value) {
    $file = [System.IO.File]::Open($Path, 'Open', 'ReadWrite')
    try {
        $file.Position = $Offset
        $file.Write($Value, 0, $Value.Length)
    }
    finally {
        $file.Dispose()
    }
}

function Read-BigEndian ([byte[]] $Bytes, [int] $Offset, [int] $Count) {
    $value = [uint64] 0
    foreach ($index in 0..($Count - 1)) {
        $value = $value * 256 + $Bytes[$Offset + $index]
    }

    $value
}

# Where the data of a block lies in a dynamic VHD that keeps its bitmaps in one sector.
function Get-BlockPlace ([string] $Path, [int] $BlockIndex) {
    $file = [System.IO.File]::ReadAllBytes($Path)
    $table = Read-BigEndian $file (512 + 16) 8
    (Read-BigEndian $file ($table + 4 * $BlockIndex) 4) * 512 + 512
}

# Gives a differencing VHD its first own block, by the specification: the block goes where the footer was, the footer behind it.
function Add-DifferencingBlock ([string] $Path, [int] $BlockIndex, [byte] $Value) {
    $file = [System.IO.File]::ReadAllBytes($Path)
    $table = Read-BigEndian $file (512 + 16) 8
    $blockSize = Read-BigEndian $file (512 + 32) 4
    $bitmapSize = [Math]::Max(512, $blockSize / 512 / 8)
    $place = $file.Length - 512
    $sector = [System.BitConverter]::GetBytes([int] ($place / 512))
    [Array]::Reverse($sector)

    Set-FileByte $Path ($table + 4 * $BlockIndex) $sector
    Set-FileByte $Path $place (New-ByteArray $bitmapSize 0xFF)
    Set-FileByte $Path ($place + $bitmapSize) (New-ByteArray $blockSize $Value)
    Set-FileByte $Path ($place + $bitmapSize + $blockSize) $file[-512..-1]
}

# Everything that a script prints in a PowerShell of its own, with the module imported.
function Invoke-Fresh ([string] $Script, [string] $Before) {
    $text = "`$ErrorActionPreference = 'Stop'; `$PSStyle.OutputRendering = 'PlainText'
        $Before
        Import-Module '$ManifestPath'
        $Script"
    $shell = Join-Path $PSHOME ($IsWindows ? 'pwsh.exe' : 'pwsh')
    & $shell -NoProfile -NonInteractive -OutputFormat Text -Command $text 2>&1 | Out-String -Width 500
}

# Starts a command in a runspace of its own, stops it at its first progress record, and tells how that went.
function Stop-Started ([string] $Name, [hashtable] $Parameters) {
    $state = [initialsessionstate]::CreateDefault2()
    $state.ImportPSModule($ManifestPath)
    $runspace = [runspacefactory]::CreateRunspace($state)
    $runspace.Open()
    $shell = [powershell]::Create($runspace)
    $source = "started-$([guid]::NewGuid())"
    try {
        $null = $shell.AddCommand($Name).AddParameters($Parameters)
        Register-ObjectEvent -InputObject $shell.Streams.Progress -EventName DataAdded -SourceIdentifier $source
        $running = $shell.BeginInvoke()
        $began = Wait-Event -SourceIdentifier $source -Timeout 60
        $watch = [System.Diagnostics.Stopwatch]::StartNew()
        $shell.Stop()
        $watch.Stop()
        [pscustomobject]@{
            Began        = $null -ne $began
            State        = [string] $shell.InvocationStateInfo.State
            Milliseconds = $watch.ElapsedMilliseconds
            Ended        = $running.IsCompleted
            Errors       = $shell.Streams.Error.Count
        }
    }
    finally {
        Unregister-Event -SourceIdentifier $source -ErrorAction Ignore
        Remove-Event -SourceIdentifier $source -ErrorAction Ignore
        $shell.Dispose()
        $runspace.Dispose()
    }
}

function Assert-Stopped ($Stop) {
    $Stop.Began | Should -BeTrue -Because 'the command has to be at work when it is stopped'
    $Stop.State | Should -Be 'Stopped'
    $Stop.Ended | Should -BeTrue
    $Stop.Errors | Should -Be 0
    $Stop.Milliseconds | Should -BeLessThan 1000
}
