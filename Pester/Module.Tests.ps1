BeforeDiscovery {
    $names = (Import-PowerShellDataFile (Join-Path $PSScriptRoot '../AzureVmRole.psd1')).CmdletsToExport
    $commands = $names | ForEach-Object { @{ Name = $_ } }
}

BeforeAll {
    . $PSScriptRoot/Disks.ps1
    . $PSScriptRoot/Stores.ps1
    $bin = Join-Path (Split-Path $ManifestPath) 'bin'
    $folder = New-Folder 'module'
    $disk = Join-Path $folder 'disk.vhd'
    $null = New-BaseVhd $disk 32MB

    $store = Join-Path $folder 'store'
    $null = Publish-BaseVhd $disk vhds/disk.vhd -DataDisk -StorePath $store

    # Every assembly as 'context: name', after a disk was read, a folder store listed, and an account asked where nobody listens.
    $listAssemblies = "`$null = Get-BaseVhd '$disk'
        (Get-VhdBlob -StorePath '$store').Name
        Get-VhdBlob http://127.0.0.1:1/devstoreaccount1/vhds/disk.vhd -ErrorAction SilentlyContinue -ErrorVariable failure
        `$failure[0].FullyQualifiedErrorId
        foreach (`$context in [System.Runtime.Loader.AssemblyLoadContext]::All) {
            foreach (`$assembly in `$context.Assemblies) { '{0}: {1}' -f `$context.Name, `$assembly.GetName().Name }
        }"
}

Describe 'AzureVmRole' {
    Context 'One store for a command' {
        It '<Command> refuses an account and a folder store together' -ForEach @(
            @{ Command = 'Publish-BaseVhd'; Arguments = @{ Path = 'disk.vhd'; Destination = 'vhds/new.vhd' } }
            @{ Command = 'Save-BaseVhd'; Arguments = @{ Source = 'vhds/disk.vhd'; DestinationPath = 'new.vhd' } }
            @{ Command = 'Copy-BaseVhd'; Arguments = @{ Source = 'vhds/disk.vhd'; Destination = 'vhds/new.vhd' } }
            @{ Command = 'Get-VhdBlob'; Arguments = @{} }
            @{ Command = 'Remove-VhdBlob'; Arguments = @{ Name = 'vhds/disk.vhd'; Confirm = $false } }
            @{ Command = 'Get-OrphanVhd'; Arguments = @{} }
            @{ Command = 'Remove-OrphanVhd'; Arguments = @{ PlanPath = 'plan.json'; Confirm = $false } }
        ) {
            $both = @{ ConnectionString = 'UseDevelopmentStorage=true'; StorePath = $store }
            Push-Location $folder
            try {
                $failure = try { & $Command @Arguments @both } catch { $_ }
            }
            finally {
                Pop-Location
            }

            Assert-Failure $failure InvalidArgument InvalidArgument $store
            $failure.Exception.Message | Should -Match '-ConnectionString.*-StorePath'
            Join-Path $folder 'new.vhd' | Should -Not -Exist
            Get-BlobName $store | Should -Be 'vhds/disk.vhd'
        }

        It 'has no parameter of one without the other' {
            $storing = Get-Command -Module AzureVmRole | Where-Object { $_.Parameters.ContainsKey('StorePath') }
            $storing.Count | Should -Be 7
            $storing | Where-Object { -not $_.Parameters.ContainsKey('ConnectionString') } | Should -BeNullOrEmpty
        }
    }

    Context 'Manifest' {
        BeforeAll {
            $manifest = Test-ModuleManifest $ManifestPath -ErrorAction Stop -WarningVariable warnings
        }

        It 'is valid without a warning' {
            $warnings | Should -BeNullOrEmpty
            $manifest.Version | Should -Be '0.1.0'
            $manifest.PowerShellVersion | Should -Be '7.6'
            $manifest.CompatiblePSEditions | Should -Be 'Core'
        }

        It 'exports cmdlets and nothing else' {
            $module = Get-Module AzureVmRole
            $module.ExportedCmdlets.Count | Should -BeGreaterThan 0
            $module.ExportedFunctions.Count | Should -Be 0
            $module.ExportedAliases.Count | Should -Be 0
            $module.ExportedVariables.Count | Should -Be 0
        }

        It 'exports every cmdlet class' {
            $classes = (Get-Command Get-BaseVhd).ImplementingType.Assembly.GetExportedTypes() |
                Where-Object { -not $_.IsAbstract -and $_.IsSubclassOf([System.Management.Automation.PSCmdlet]) } |
                ForEach-Object { $_.GetCustomAttributes([System.Management.Automation.CmdletAttribute], $false) } |
                ForEach-Object { '{0}-{1}' -f $_.VerbName, $_.NounName }
            (Get-Module AzureVmRole).ExportedCmdlets.Keys | Sort-Object | Should -Be ($classes | Sort-Object)
        }

        It 'has unique noun and verb pairs with approved verbs' {
            $module = Get-Module AzureVmRole
            $module.ExportedCmdlets.Values.Verb | Where-Object { $_ -notin (Get-Verb).Verb } | Should -BeNullOrEmpty
        }
    }

    Context 'Files' {
        It 'has exactly three assemblies beside the engine' {
            (Get-ChildItem $bin -Filter *.dll).Name | Sort-Object |
                Should -Be @('AzureVmRole.Loader.dll', 'AzureVmRole.Model.dll', 'AzureVmRole.PowerShell.dll')
        }

        It 'keeps the model out of the engine folder' {
            $engine = (Get-ChildItem (Join-Path $bin 'engine') -Filter *.dll).Name
            $engine | Should -Contain 'AzureVmRole.Engine.dll'
            $engine | Should -Contain 'AzureVmRole.Disks.dll'
            $engine | Should -Not -Contain 'AzureVmRole.Model.dll'
            $engine | Should -Not -Contain 'System.Management.Automation.dll'
        }

        It 'has the library of SQLite for <_>' -ForEach 'linux-x64', 'linux-arm64', 'linux-musl-x64', 'osx-x64', 'osx-arm64', 'win-x64', 'win-arm64' {
            Get-ChildItem (Join-Path $bin "engine/runtimes/$_/native") -Filter '*e_sqlite3*' | Should -HaveCount 1
        }
    }

    Context 'Help of <Name>' -ForEach $commands {
        BeforeAll {
            $help = Get-Help $Name -Full
            $command = Get-Command $Name
        }

        It 'has a synopsis and a description' {
            $help.Synopsis | Should -Not -BeNullOrEmpty
            $help.Synopsis.Trim() | Should -Not -BeLike "$Name *" -Because 'that is the syntax, which stands in when help is missing'
            ($help.description | Out-String).Trim() | Should -Not -BeNullOrEmpty
        }

        It 'documents every parameter and no other' {
            $common = [System.Management.Automation.PSCmdlet]::CommonParameters + 'WhatIf' + 'Confirm'
            $parameters = $command.Parameters.Keys | Where-Object { $_ -notin $common } | Sort-Object
            $hasAny = $null -ne $help.parameters -and $help.parameters.PSObject.Properties.Name -contains 'parameter'
            $documented = @(if ($hasAny) { $help.parameters.parameter | Where-Object name -NotIn $common })
            $documented | ForEach-Object name | Sort-Object | Should -Be $parameters
            foreach ($parameter in $documented) {
                ($parameter.description | Out-String).Trim() | Should -Not -BeNullOrEmpty -Because "-$($parameter.name) is documented"
            }
        }

        It 'has examples that parse and use the cmdlet' {
            $examples = @($help.examples.example)
            $examples.Count | Should -BeGreaterThan 0
            foreach ($example in $examples) {
                $failures = $null
                $tree = [System.Management.Automation.Language.Parser]::ParseInput($example.code, [ref] $null, [ref] $failures)
                $failures | Should -BeNullOrEmpty -Because $example.code
                $calls = @($tree.FindAll({ $args[0] -is [System.Management.Automation.Language.CommandAst] }, $true))
                @($calls | ForEach-Object GetCommandName) | Should -Contain $Name
                foreach ($call in $calls | Where-Object { $_.GetCommandName() -in (Get-Module AzureVmRole).ExportedCmdlets.Keys }) {
                    $known = (Get-Command $call.GetCommandName()).Parameters.Values.ForEach({ $_.Name; $_.Aliases })
                    $call.CommandElements | Where-Object { $_ -is [System.Management.Automation.Language.CommandParameterAst] } |
                        ForEach-Object { $_.ParameterName | Should -BeIn $known -Because $example.code }
                }
            }
        }

        It 'declares an output type' {
            $command.OutputType.Count | Should -BeGreaterThan 0
            $command.OutputType.Type | Should -Not -Contain $null
        }
    }

    Context 'Load context' {
        BeforeAll {
            $packages = '^Default: (Azure\.|Microsoft\.(Data\.Sqlite|Identity)|SQLitePCLRaw|System\.ClientModel)'
        }

        It 'keeps the engine out of the default context' {
            $loaded = (Invoke-Fresh $listAssemblies) -split '\r?\n'
            $loaded[0] | Should -Be 'vhds/disk.vhd'
            $loaded[1] | Should -BeLike 'StoreUnreachable,*'
            $loaded | Should -Contain 'Default: AzureVmRole.Model'
            $loaded | Should -Contain 'Default: AzureVmRole.PowerShell'
            $loaded | Should -Contain 'AzureVmRole.Engine: AzureVmRole.Engine'
            $loaded | Should -Contain 'AzureVmRole.Engine: AzureVmRole.Disks'
            $loaded | Should -Not -Contain 'Default: AzureVmRole.Engine'
            $loaded | Should -Not -Contain 'Default: AzureVmRole.Disks'
            $loaded | Should -Not -Contain 'AzureVmRole.Engine: AzureVmRole.Model'
            $loaded | Where-Object { $_ -match $packages } | Should -BeNullOrEmpty
            foreach ($package in 'Azure.Core', 'Azure.Storage.Blobs', 'Microsoft.Data.Sqlite') {
                $loaded | Should -Contain "AzureVmRole.Engine: $package"
            }
        }

        It 'takes the library of SQLite from the engine folder' {
            $native = Invoke-Fresh "`$null = Get-VhdBlob -StorePath '$store'
                (Get-Process -Id `$PID).Modules.FileName | Where-Object { `$_ -match 'e_sqlite3' }"
            $native.Trim() | Should -BeLike (Join-Path $bin 'engine/runtimes/*/native/*e_sqlite3*')
        }

        It 'lives beside an older Azure.Core that was loaded first' {
            $older = Join-Path $folder 'Azure.Core.dll'
            $assembly = [System.Reflection.Emit.PersistedAssemblyBuilder]::new(
                [System.Reflection.AssemblyName]::new('Azure.Core, Version=1.0.0.0'), [object].Assembly)
            $null = $assembly.DefineDynamicModule('Azure.Core').DefineType('Azure.Core.Older', 'Public').CreateType()
            $assembly.Save($older)

            $loaded = (Invoke-Fresh -Before "`$null = [System.Reflection.Assembly]::LoadFrom('$older')" -Script "
                [Azure.Core.Older].Assembly.GetName().Version.ToString()
                $listAssemblies") -split '\r?\n'
            $loaded[0] | Should -Be '1.0.0.0'
            $loaded[1] | Should -Be 'vhds/disk.vhd'
            $loaded[2] | Should -BeLike 'StoreUnreachable,*'
            $loaded | Where-Object { $_ -match $packages } | Should -Be 'Default: Azure.Core'
            $loaded | Should -Contain 'AzureVmRole.Engine: Azure.Core'
            $loaded | Should -Contain 'AzureVmRole.Engine: AzureVmRole.Engine'
            $loaded | Should -Not -Contain 'Default: AzureVmRole.Engine'
        }

        It 'gives scripts one type of each name' {
            (Get-BaseVhd $disk).GetType() | Should -Be ([AzureVmRole.BaseVhd])
            (Get-BaseVhd $disk).VhdType | Should -Be ([AzureVmRole.VhdType]::Fixed)
        }
    }

    Context 'Sessions' {
        It 'works in parallel runspaces' {
            $types = 1..8 | ForEach-Object -ThrottleLimit 4 -Parallel {
                Import-Module $using:ManifestPath
                foreach ($round in 1..5) {
                    [string] (Get-BaseVhd $using:disk).VhdType
                }
            }
            $types.Count | Should -Be 40
            $types | Sort-Object -Unique | Should -Be 'Fixed'
        }

        It 'survives import with -Force, removal and import again' {
            Invoke-Fresh "Import-Module '$ManifestPath' -Force
                (Get-BaseVhd '$disk').VhdType
                Remove-Module AzureVmRole
                (Get-Command -Module AzureVmRole).Count
                Import-Module '$ManifestPath'
                (Get-BaseVhd '$disk').VhdType" | Should -Match '(?s)^Fixed\s+0\s+Fixed\s*$'
        }

        It 'still resolves the engine when the first runspace removed the module before using it' {
            Invoke-Fresh "Remove-Module AzureVmRole
                1 | ForEach-Object -Parallel { Import-Module '$ManifestPath'; [string] (Get-BaseVhd '$disk').VhdType }" |
                Should -Match '^Fixed\s*$'
        }

        It 'runs as a thread job' {
            Start-ThreadJob { Import-Module $using:ManifestPath; Get-BaseVhd $using:disk } | Receive-Job -Wait -AutoRemoveJob |
                Select-Object -ExpandProperty Size | Should -Be 32MB
        }
    }
}
