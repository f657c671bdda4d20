BeforeAll {
    . $PSScriptRoot/Disks.ps1
    . $PSScriptRoot/Stores.ps1
    . $PSScriptRoot/Fabrics.ps1
    $null = Start-LocalFabric
}

AfterAll { Remove-TestFabric }

Describe 'Connect-Fabric' {
    Context 'Parameters' {
        It 'connects to the local fabric by default' {
            $connection = Connect-Fabric
            $connection | Should -BeOfType ([AzureVmRole.FabricConnectionState])
            $connection.Kind, $connection.ResourceGroupName, $connection.Location | Should -Be 'Local', 'azvmrole', 'local1'
            $connection.Endpoint | Should -Be (Get-LocalFabric).Endpoint
            $connection.HomePath | Should -Be $env:AZUREVMROLE_HOME
            $connection.Store | Should -Be (Join-Path $env:AZUREVMROLE_HOME store/local1)
            $connection | Format-List | Out-String | Should -Not -BeLike "*$((Get-Content -Raw (Join-Path $env:AZUREVMROLE_HOME fabric/token)).Trim())*"
        }

        It 'takes -HomePath, -Location and -ResourceGroupName' {
            Push-Location (Split-Path $env:AZUREVMROLE_HOME)
            try {
                $connection = Connect-Fabric -HomePath home -Location local2 -ResourceGroupName mine
            }
            finally {
                Pop-Location
            }

            $connection.Location, $connection.ResourceGroupName, $connection.HomePath | Should -Be 'local2', 'mine', $env:AZUREVMROLE_HOME
            Get-FabricConnection | Should -Be $connection
            Get-Completion 'Connect-Fabric -Location local' | Should -Be 'local1', 'local2'
        }

        It 'makes its resource group when something is made in it' {
            $null = Connect-Fabric -ResourceGroupName mine
            Add-Image server
            (Get-VMImage server).ResourceGroupName | Should -Be 'mine'
            $null = Connect-Fabric
            (Get-VMImage server -ErrorAction SilentlyContinue) | Should -BeNullOrEmpty
        }

        It 'connects to Azure without asking, and shows no token' {
            $secret = ConvertTo-SecureString 'eyJSecretToken' -AsPlainText
            $connection = Connect-Fabric -Azure -SubscriptionId 11111111-2222-3333-4444-555555555555 -ResourceGroupName images -Location westeurope -StorageAccount contoso -AccessToken $secret
            $connection.Kind, $connection.Location, $connection.ResourceGroupName | Should -Be 'Azure', 'westeurope', 'images'
            $connection.Endpoint | Should -Be 'https://management.azure.com/'
            $connection.Store | Should -Be 'https://contoso.blob.core.windows.net/'
            $connection.HomePath | Should -BeNullOrEmpty
            $connection | ConvertTo-Json | Should -Not -BeLike '*eyJSecretToken*'
        }

        It 'finds a fabric that was stopped and started again' {
            $null = Connect-Fabric -Location local2 -ResourceGroupName mine
            $before = (Get-FabricConnection).Endpoint
            Stop-LocalFabric
            Assert-Failure (Get-Failure { Get-VMImage }) FabricUnreachable ConnectionError images
            $null = Start-LocalFabric
            (Get-VMImage).ImageName | Should -Be 'server'
            $now = Get-FabricConnection
            $now.Endpoint | Should -Be (Get-LocalFabric).Endpoint
            $now.Location, $now.ResourceGroupName | Should -Be 'local2', 'mine'
        }

        It 'takes the token as it is now' {
            $null = Connect-Fabric
            $token = Join-Path $env:AZUREVMROLE_HOME fabric/token
            $good = Get-Content -Raw $token
            [System.IO.File]::WriteAllText($token, 'wrong')
            Assert-Failure (Get-Failure { Get-VMImage }) AuthenticationFailed AuthenticationError images
            [System.IO.File]::WriteAllText($token, $good)
            (Get-VMImage).ImageName | Should -Be 'server'
        }
    }

    Context 'WhatIf' {
        It 'connects nobody with -WhatIf' {
            Disconnect-Fabric
            Connect-Fabric -WhatIf
            Get-FabricConnection | Should -BeNullOrEmpty
        }
    }

    Context 'Errors' {
        It 'says where no fabric runs, and keeps the connection before' {
            $null = Connect-Fabric
            $nobody = New-Folder 'nobody'
            $failure = Get-Failure { Connect-Fabric -HomePath $nobody }
            Assert-Failure $failure FabricUnreachable ConnectionError $nobody
            $failure.ErrorDetails.RecommendedAction | Should -BeLike '*Start-LocalFabric*'
            (Get-FabricConnection).Kind | Should -Be 'Local'
        }

        It 'refuses a location that the fabric does not have' {
            $failure = Get-Failure { Connect-Fabric -Location westeurope }
            Assert-Failure $failure RequestInvalid InvalidArgument westeurope
            $failure.Exception.Message | Should -BeLike '*local1, local2*'
        }

        It 'refuses another certificate than the fabric wrote down' {
            $note = Join-Path $env:AZUREVMROLE_HOME fabric/fabric.json
            $good = Get-Content -Raw $note
            [System.IO.File]::WriteAllText($note, ($good -replace '("thumbprint":\s*")[0-9A-F]{8}', '${1}00000000'))
            $failure = Get-Failure { Connect-Fabric }
            [System.IO.File]::WriteAllText($note, $good)
            @($failure).Count | Should -Be 1
            $failure.FullyQualifiedErrorId | Should -BeLike 'FabricUnreachable,*'
            $failure.Exception.Message | Should -BeLike '*certificate*'
        }

        It 'refuses a note that sends secrets off this machine, and one that is none' -ForEach @(
            @{ Text = '{"endpoint":"https://192.0.2.1:443/","thumbprint":"' + 'A' * 64 + '"}' }, @{ Text = 'no JSON' }, @{ Text = '{"endpoint":"http://127.0.0.1:1/"}' }
        ) {
            $folder = New-Folder 'bad-home'
            $note = Join-Path (New-Item -ItemType Directory (Join-Path $folder fabric)) fabric.json
            Set-Content $note $Text
            Assert-Failure (Get-Failure { Connect-Fabric -HomePath $folder }) FabricUnreachable ConnectionError $note
        }

        It 'wants a subscription and a location for Azure' {
            { Connect-Fabric -Azure -Location westeurope -SubscriptionId '' } | Should -Throw -ErrorId 'ParameterArgumentValidationError,*'
            { Connect-Fabric -Azure -HomePath x -SubscriptionId 1 -Location y } | Should -Throw -ErrorId 'AmbiguousParameterSet,*'
        }

        It 'needs a storage account for names without a scheme in Azure' {
            $null = Connect-Fabric -Azure -SubscriptionId 11111111-2222-3333-4444-555555555555 -Location westeurope
            $failure = Get-Failure { Add-VMImage new vhds/a.vhd Linux }
            Assert-Failure $failure RequestInvalid InvalidArgument 'vhds/a.vhd'
            $failure.ErrorDetails.RecommendedAction | Should -BeLike '*-StorageAccount*'
            $null = Connect-Fabric
        }
    }

    Context 'Formatting' {
        It 'shows a table, and help with examples' {
            Assert-Table (Connect-Fabric) '^Local +azvmrole +local1 +https://127'
            Assert-Help Connect-Fabric
        }
    }
}
