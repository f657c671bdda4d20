BeforeDiscovery {
    . $PSScriptRoot/Disks.ps1
    . $PSScriptRoot/Stores.ps1
    $azurite = Find-Azurite
}

BeforeAll {
    . $PSScriptRoot/Disks.ps1
    . $PSScriptRoot/Stores.ps1
    $folder = New-Folder 'secrets'
    $disk = New-SmallDisk (Join-Path $folder 'a.raw')

    # Secrets that no store accepts: a key of the right form, and a signature.
    $key = [System.Convert]::ToBase64String([byte[]] (1..64))
    $signature = 'c2VjcmV0LXNpZ25hdHVyZQ%3D%3D'
    $sas = "sv=2024-11-04&ss=b&srt=sco&sp=rwdlac&se=2099-01-01T00:00:00Z&sig=$signature"
    $secrets = $key, $signature, [uri]::UnescapeDataString($signature), [uri]::EscapeDataString($key)

    # Everything that a command writes to any stream, and all that its errors hold.
    function Get-Trace ([string] $Name, [hashtable] $Arguments) {
        $Error.Clear()
        $ErrorActionPreference = 'Continue'
        if ((Get-Command $Name).Parameters.ContainsKey('Confirm')) {
            $Arguments = $Arguments + @{ Confirm = $false }
        }

        $records = & $Name @Arguments -Verbose -Debug *>&1
        $text = foreach ($record in @($records) + @($Error)) {
            $record | Out-String -Width 500
            if ($record -is [System.Management.Automation.ErrorRecord]) {
                $record | Format-List * -Force | Out-String -Width 500
                [string] $record.TargetObject
                $record | Get-Error | Out-String -Width 500
                for ($cause = $record.Exception; $cause; $cause = $cause.InnerException) {
                    $cause.ToString()
                    $cause.Data | Out-String -Width 500
                }
            }
        }
        $text -join "`n"
    }

    function Assert-NoSecret ([string] $Text) {
        foreach ($secret in $secrets) {
            $Text.Contains($secret) | Should -BeFalse -Because "no output may hold a key or a signature:`n$Text"
        }
    }
}

Describe 'Secrets' {
    Context 'Refused by a service' -Skip:(-not $azurite) {
        BeforeAll {
            $azurite = Start-Azurite
            $blob = "$($azurite.Account)/vhds/a.vhd"
            $connection = "DefaultEndpointsProtocol=http;AccountName=devstoreaccount1;AccountKey=$key;BlobEndpoint=$($azurite.Account)"
            $ways = @{
                ConnectionString = @{ ConnectionString = $connection }
                StorageKey       = @{ StorageKey = $key }
                SasToken         = @{ SasToken = $sas }
                Environment      = @{}
            }
            $calls = @{
                'Publish-BaseVhd' = @{ Path = $disk; Destination = $blob; DataDisk = $true }
                'Save-BaseVhd'    = @{ Source = $blob; DestinationPath = Join-Path $folder 'b.vhd' }
                'Copy-BaseVhd'    = @{ Source = $blob; Destination = "$($azurite.Account)/vhds/b.vhd" }
                'Get-VhdBlob'     = @{ Name = $blob }
                'Remove-VhdBlob'  = @{ Name = $blob }
                'Get-OrphanVhd'   = @{ Container = $azurite.Account }
            }
        }

        AfterAll {
            Stop-Azurite $azurite
        }

        AfterEach {
            Remove-Item Env:AZURE_STORAGE_CONNECTION_STRING -ErrorAction Ignore
        }

        It '<Command> with a wrong <Way> shows none' -ForEach @(
            foreach ($command in 'Publish-BaseVhd', 'Save-BaseVhd', 'Copy-BaseVhd', 'Get-VhdBlob', 'Remove-VhdBlob', 'Get-OrphanVhd') {
                foreach ($way in 'ConnectionString', 'StorageKey', 'SasToken', 'Environment') {
                    @{ Command = $command; Way = $way }
                }
            }
        ) {
            if ($Way -eq 'Environment') {
                $env:AZURE_STORAGE_CONNECTION_STRING = $connection
            }

            $arguments = $calls[$Command] + $ways[$Way]
            $trace = Get-Trace $Command $arguments
            $trace | Should -Match 'AuthenticationFailed|AuthorizationFailed|ListingIncomplete' -Because 'the service refuses the secret'
            Assert-NoSecret $trace
        }

        It '<Command> with a wrong signature in the address shows none' -ForEach @(
            @{ Command = 'Save-BaseVhd'; Parameter = 'Source' }
            @{ Command = 'Get-VhdBlob'; Parameter = 'Name' }
            @{ Command = 'Remove-VhdBlob'; Parameter = 'Name' }
            @{ Command = 'Publish-BaseVhd'; Parameter = 'Destination' }
        ) {
            $arguments = $calls[$Command].Clone()
            $arguments[$Parameter] = "${blob}?$sas"
            Assert-NoSecret (Get-Trace $Command $arguments)
        }
    }

    Context 'In an address that makes no sense' {
        It '<Address> is not shown with its signature' -ForEach @(
            @{ Address = 'htps://a.blob.core.windows.net/vhds/a.vhd' }
            @{ Address = 'https:/a.blob.core.windows.net/vhds/a.vhd' }
            @{ Address = 'https://a.blob.core.windows.net' }
            @{ Address = 'a.blob.core.windows.net/vhds/a.vhd' }
            @{ Address = 'https://a.blob.core.windows.net/UPPER/a.vhd' }
        ) {
            $address = "${Address}?$sas"
            Assert-NoSecret (Get-Trace Get-VhdBlob @{ Name = $address })
            Assert-NoSecret (Get-Trace Remove-VhdBlob @{ Name = $address })
            Assert-NoSecret (Get-Trace Save-BaseVhd @{ Source = $address; DestinationPath = Join-Path $folder 'c.vhd' })
            Assert-NoSecret (Get-Trace Copy-BaseVhd @{ Source = $address; Destination = 'vhds/c.vhd' })
            Assert-NoSecret (Get-Trace Publish-BaseVhd @{ Path = $disk; Destination = $address; DataDisk = $true })
        }
    }

    Context 'Malformed' {
        It 'a key that is none is not shown' {
            Assert-NoSecret (Get-Trace Get-VhdBlob @{ Name = 'https://a.blob.core.windows.net/vhds/a.vhd'; StorageKey = "$key!" })
        }

        It 'a connection string that is none is not shown' {
            Assert-NoSecret (Get-Trace Get-VhdBlob @{ ConnectionString = "AccountKey=$key" })
            Assert-NoSecret (Get-Trace Get-VhdBlob @{ ConnectionString = "AccountName=;AccountKey=$key;nonsense" })
        }

        It 'a connection string that is none is named: <Giver>' -ForEach @(
            @{ Giver = '-ConnectionString'; Command = 'Get-VhdBlob'; Arguments = @{ Name = 'vhds' } }
            @{ Giver = '-SourceConnectionString'; Command = 'Copy-BaseVhd'; Arguments = @{ Source = 'vhds/a.vhd'; Destination = 'vhds/b.vhd' } }
            @{ Giver = 'AZURE_STORAGE_CONNECTION_STRING'; Command = 'Get-VhdBlob'; Arguments = @{ Name = 'https://a.blob.core.windows.net/vhds/a.vhd' } }
        ) {
            $malformed = "AccountName=a;AccountKey=$key;nonsense"
            if ($Giver.StartsWith('-')) {
                $Arguments[$Giver.TrimStart('-')] = $malformed
            }
            else {
                Set-Item -LiteralPath "Env:$Giver" $malformed
            }

            try {
                $trace = Get-Trace $Command $Arguments
            }
            finally {
                Remove-Item Env:AZURE_STORAGE_CONNECTION_STRING -ErrorAction Ignore
            }

            $trace | Should -Match "connection string in $Giver cannot be used"
            Assert-NoSecret $trace
        }
    }

    Context 'Kept by nobody' {
        It 'no journal, log or store holds one' {
            Get-ChildItem $folder, $env:AZUREVMROLE_HOME -Recurse -File -Force | ForEach-Object {
                $bytes = [System.Text.Encoding]::Latin1.GetString([System.IO.File]::ReadAllBytes($_.FullName))
                Assert-NoSecret $bytes
            }
        }
    }
}
