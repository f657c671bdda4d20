# What the suites about the fabric share. Dot-sourced in every BeforeAll, after Disks.ps1 and Stores.ps1: . $PSScriptRoot/Fabrics.ps1
# A file has one fabric, which it starts and stops. Its home is not in the test drive: Pester empties that behind each block, and a fabric would lose its files.
$FabricRoot = Join-Path ([System.IO.Path]::GetTempPath()) "azvmrole-$([guid]::NewGuid().ToString('N').Substring(0, 12))"
$env:AZUREVMROLE_HOME = (New-Item -ItemType Directory (Join-Path $FabricRoot 'home')).FullName

$Account = @{ AdminUserName = 'azureuser'; SshPublicKey = 'ssh-ed25519 AAAAC3NzaC1lZDI1NTE5AAAAIE5vdEFSZWFsS2V5Tm90QVJlYWxLZXlOb3RBUmVhbEtl me' }

# Starts a fabric on which nothing runs, and connects this session to it.
function Start-TestFabric {
    $null = Start-LocalFabric -HostKind Simulated
    $null = Connect-Fabric
}

function Stop-TestFabric {
    Disconnect-Fabric
    Stop-LocalFabric
}

# Stops the fabrics of a file, and removes all that they kept.
function Remove-TestFabric {
    Disconnect-Fabric
    Get-ChildItem $FabricRoot -Directory | ForEach-Object { Stop-LocalFabric -HomePath $_.FullName }
    Remove-Item $FabricRoot -Recurse -Force
}

# The home folder of another fabric of this file.
function New-Home ([string] $Name) {
    (New-Item -ItemType Directory (Join-Path $FabricRoot $Name)).FullName
}

# A small VHD in the store of a location: 24 MiB.
function Add-Vhd ([string[]] $Name, [string] $Location = 'local1') {
    $null = Add-Blob (Join-Path $env:AZUREVMROLE_HOME 'store' $Location) $Name
}

# Images, each on a VHD of its own: vhds/NAME.vhd.
function Add-Image ([string[]] $Name = 'server', [string] $OSState = 'Generalized') {
    foreach ($image in $Name) {
        Add-Vhd "vhds/$image.vhd"
        $null = Add-VMImage $image "vhds/$image.vhd" Linux -OSState $OSState
    }
}

# Running instances of the image 'server'.
function Add-Instance ([string[]] $Name, [string] $Size = 'Standard_B2s') {
    foreach ($instance in $Name) {
        $null = New-VMInstance $instance server @Account -Size $Size -WarningAction Ignore
    }
}

# A request to the fabric itself, for what the cmdlets have no parameter for.
function Invoke-Fabric ([string] $Method, [string] $Path, [hashtable] $Body) {
    $connection = Get-FabricConnection
    $token = (Get-Content -Raw (Join-Path $env:AZUREVMROLE_HOME 'fabric/token')).Trim()
    $uri = "$($connection.Endpoint)subscriptions/$($connection.SubscriptionId)/resourceGroups/azvmrole/providers/Microsoft.Compute/$($Path)?api-version=2023-07-01"
    Invoke-RestMethod $uri -Method $Method -Headers @{ Authorization = "Bearer $token" } -Body ($Body | ConvertTo-Json -Depth 9) -ContentType application/json -SkipCertificateCheck
}

# Tells a simulated guest how to behave from its next boot on: 'latency=00:00:01', 'start=fail:message'.
function Set-Behaviour ([string] $Name, [string] $Behaviour) {
    $null = Invoke-Fabric PATCH "virtualMachines/$Name" @{ tags = @{ 'azvmrole-simulate' = $Behaviour } }
}

# What changed something since the audit had so many lines: the method and the last two parts of the path.
function Get-Change ([int] $Since) {
    Get-AuditLine | Select-Object -Skip $Since | ConvertFrom-Json | Where-Object method -NE GET | ForEach-Object {
        '{0} {1}' -f $_.method, ($_.path.Split('/')[-2..-1] -join '/')
    }
}

# Which instances and disks were read, each for itself, since the audit had so many lines.
function Get-Reading ([int] $Since) {
    Get-AuditLine | Select-Object -Skip $Since | ConvertFrom-Json | Where-Object method -EQ GET | ForEach-Object {
        if ($_.path -match '/(virtualMachines|disks)/[^/]+$') { $Matches[0] }
    }
}

# A command on an instance, here 'web1', reads it and its disks for -PassThru only.
function Assert-ReadingForPassThru ([string] $Command) {
    $before = (Get-AuditLine).Count
    & $Command web1
    Get-Reading $before | Should -BeNullOrEmpty
    $null = & $Command web1 -PassThru
    Get-Reading $before | Should -Contain '/virtualMachines/web1'
}

function Get-AuditLine {
    @(Get-Content (Join-Path $env:AZUREVMROLE_HOME 'fabric/audit.log'))
}

# Names and states of everything that the fabric has: what -WhatIf must not change.
function Get-FabricState {
    (Get-VMImage | ForEach-Object Id) + (Get-VMDisk | ForEach-Object { "$($_.Id) $($_.AttachedTo)" }) +
        (Get-VMInstance | ForEach-Object { "$($_.Id) $($_.Status) $($_.OSDisk) $($_.DataDisks)" }) + (Get-VhdBlob | ForEach-Object Name) | Out-String
}

# A command that needs a fabric says where it looked and how one is started, when none runs and nobody has connected.
function Assert-NeedsFabric ([scriptblock] $Command) {
    $before = $env:AZUREVMROLE_HOME
    $env:AZUREVMROLE_HOME = New-Folder 'nobody'
    try {
        Disconnect-Fabric
        Assert-Failure (Get-Failure $Command) FabricUnreachable ConnectionError $env:AZUREVMROLE_HOME
    }
    finally {
        $env:AZUREVMROLE_HOME = $before
        $null = Connect-Fabric
    }
}

# What tab completion offers behind a command line.
function Get-Completion ([string] $Line) {
    (TabExpansion2 $Line $Line.Length).CompletionMatches.CompletionText
}

# A table fits a terminal of 80 columns without breaking words.
function Assert-Table ($Objects, [string] $Pattern) {
    $text = $Objects | Format-Table | Out-String -Width 80
    $text | Should -Match "(?m)$Pattern"
    ($text -split "`n" | ForEach-Object { $_.TrimEnd().Length } | Measure-Object -Maximum).Maximum | Should -BeLessOrEqual 80
}

# Every help page shows at least two examples, and the synopsis.
function Assert-Help ([string] $Name) {
    $help = Get-Help $Name -Full
    $help.Synopsis | Should -Not -BeNullOrEmpty
    @($help.examples.example).Count | Should -BeGreaterOrEqual 2
}
