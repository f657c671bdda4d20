BeforeDiscovery {
    . $PSScriptRoot/Guests.ps1
    $noGuests = -not (Test-GuestTool)
}

BeforeAll {
    . $PSScriptRoot/Disks.ps1
    . $PSScriptRoot/Stores.ps1
    . $PSScriptRoot/Fabrics.ps1
    . $PSScriptRoot/Guests.ps1
    $folder = New-Folder 'images'
    $data = Join-Path $folder 'data.vhd'
    $null = New-BaseVhd $data 32MB
    $dynamic = Join-Path $folder 'dynamic.vhd'
    $null = New-BaseVhd $dynamic 32MB -Dynamic
    $small = @{ Boot = $true; MemoryInMB = 256; ProcessorCount = 1; TimeoutMinutes = 5 }

    # QEMU's processes that this session's home knows of: each holds its claim of memory.
    function Get-Claim {
        @(Get-ChildItem (Join-Path $env:AZUREVMROLE_HOME 'proofs') -Filter *.proof -ErrorAction Ignore)
    }
}

AfterAll {
    Remove-TestFabric
}

Describe 'Test-VMImage' {
    Context 'Parameters' {
        It 'applies the rules, and says that nothing was booted' {
            (Test-VMImage $data).Verdict | Should -Be 'Ready'
            $proof = Test-VMImage $dynamic
            $proof | Should -BeOfType ([AzureVmRole.VMImageProof])
            $proof.Verdict | Should -Be 'Unfit'
            $proof.IsReady | Should -BeFalse
            $proof.IsBootTried | Should -BeFalse
            $proof.Readiness | Should -BeOfType ([AzureVmRole.ReadinessReport])
            $proof.NotProven | Should -Match '-Boot'
            $proof.Reason | Should -Not -BeNullOrEmpty
        }

        It 'refuses <Name> <Value>' -ForEach @(
            @{ Name = 'TimeoutMinutes'; Value = 0.01 }
            @{ Name = 'MemoryInMB'; Value = 16 }
            @{ Name = 'ProcessorCount'; Value = 0 }
            @{ Name = 'ThrottleLimit'; Value = 0 }
            @{ Name = 'Generation'; Value = 'Unknown' }
        ) {
            $wrong = @{ $Name = $Value }
            { Test-VMImage $data @wrong } | Should -Throw -ErrorId 'ParameterArgumentValidationError,*'
        }

        It 'changes nothing' {
            $before = Get-FolderState $folder
            $null = Test-VMImage $data
            Get-FolderState $folder | Should -Be $before
        }
    }

    Context 'Boot' -Skip:$noGuests {
        It 'reports an image that is ready, and what it does not prove' {
            $disk = Join-Path $folder 'good.vhd'
            Convert-BaseVhd (New-Guest good) $disk
            $hash = (Get-FileHash $disk).Hash
            $seen = Join-Path $folder 'seen'

            $proof = Test-VMImage $disk @small -OutputFolder $seen -Verbose 4>&1 | Tee-Object -Variable said | Where-Object { $_ -is [AzureVmRole.VMImageProof] }

            $proof.Reason | Should -BeNullOrEmpty
            $proof.Verdict, $proof.IsReady, $proof.IsBooted | Should -Be @('Ready', $true, $true)
            $proof.Address, $proof.Agent, $proof.Generation | Should -Be @('10.0.0.4', 'TinyAgent', 'Gen1')
            $proof.Steps.What | Should -Contain 'Reported Ready (TinyAgent)'
            $proof.NotProven -join ' ' | Should -Match 'hv_storvsc'
            $proof.IsSshLoggedIn | Should -BeFalse
            $proof.SshMessage | Should -Match 'port 22'
            Get-Content $proof.ConsolePath -Raw | Should -Match 'provisioned as proof user azvmrole'
            [System.IO.File]::ReadAllBytes($proof.ScreenPath)[1..3] | Should -Be @(0x50, 0x4E, 0x47)
            $said | Where-Object { "$_" -match 'good\.vhd \| tiny: boot good' } | Should -HaveCount 1
            (Get-FileHash $disk).Hash | Should -Be $hash
            Get-Claim | Should -BeNullOrEmpty
        }

        It 'boots several at once, and one that fails does not keep the others' {
            $proofs = @(New-Guest panic), (New-Guest fail) | Test-VMImage @small -ThrottleLimit 2
            ($proofs | Where-Object Path -Like '*panic*').Reason | Should -Match 'Kernel panic'
            ($proofs | Where-Object Path -Like '*fail*').Reason | Should -Match 'told to fail'
            $proofs.Verdict | Should -Be @('NotReady', 'NotReady')
            ($proofs | Where-Object Path -Like '*panic*').ConsoleTail -join ' ' | Should -Match 'tiny: boot panic'
        }

        It 'names a wrong generation at once' {
            $proof = Test-VMImage (New-Guest good 2) @small -Generation Gen1
            $proof.Verdict, $proof.Accelerator | Should -Be @('NotReady', 'none')
            $proof.Reason | Should -Match 'generation 2'
        }

        It 'boots from NVMe with -DiskControllerType, for generation 2' {
            $seen = Join-Path $folder 'nvme'
            $proof = Test-VMImage (New-Guest good 2) @small -MemoryInMB 512 -DiskControllerType NVMe -OutputFolder $seen
            $proof.Reason | Should -Match 'VHD'
            $proof.Verdict, $proof.IsBooted, $proof.Generation, $proof.DiskControllerType | Should -Be @('FileUnfit', $true, 'Gen2', 'NVMe')
            Get-Content $proof.ConsolePath -Raw | Should -Match 'tiny: disks nvme0n1=131072'
            $proof.NotProven -join ' ' | Should -Match 'OS disk on an NVMe controller of QEMU'
        }

        It 'refuses NVMe for generation 1, booted or not' {
            $disk = New-Guest good
            Assert-Failure (Get-Failure { Test-VMImage $disk -DiskControllerType NVMe }) RequestInvalid InvalidArgument $disk
            $failure = Get-Failure { Test-VMImage $disk @small -DiskControllerType NVMe }
            Assert-Failure $failure RequestInvalid InvalidArgument $disk
            "$failure" | Should -Match 'generation 1 \(BIOS\).*expected generation 2'
        }

        It 'boots a registered image' {
            Start-TestFabric
            $null = Publish-BaseVhd (New-Guest good) vhds/tiny.vhd
            $null = Add-VMImage tiny vhds/tiny.vhd Linux
            $proof = Get-VMImage tiny | Test-VMImage @small
            $proof.ImageName, $proof.Verdict | Should -Be @('tiny', 'Ready')
            $null = Publish-BaseVhd (New-Guest good) vhds/special.vhd
            $null = Add-VMImage special vhds/special.vhd Linux -OSState Specialized
            Assert-Failure (Get-Failure { Test-VMImage -ImageName special -Boot }) OperationNotAllowed InvalidOperation special
            Assert-Failure (Get-Failure { Test-VMImage -ImageName nobody -Boot }) ResourceNotFound ObjectNotFound nobody
            Stop-TestFabric
        }
    }

    Context 'AsJob' {
        It 'writes a job that has the results, the errors and the verbose stream' {
            $missing = Join-Path $folder 'missing.vhd'
            $job = $dynamic, $missing, $data | Test-VMImage -AsJob -ErrorAction SilentlyContinue -ErrorVariable errors
            $job | Should -BeOfType ([System.Management.Automation.Job])
            $job.Command, $job.PSJobTypeName | Should -Be @('Test-VMImage', 'AzureVmRoleJob')
            $errors.FullyQualifiedErrorId | Should -BeLike 'FileNotFound,*'
            (Get-Job -Id $job.Id).InstanceId | Should -Be $job.InstanceId
            ($job | Receive-Job -Wait -AutoRemoveJob).Path | Should -Be @($dynamic, $data)
            Get-Job -Id $job.Id -ErrorAction Ignore | Should -BeNullOrEmpty
        }

        It 'tells the error of the work when it is received' {
            $job = Test-VMImage -ImageName nobody -AsJob
            $null = Wait-Job $job
            $job.State, $job.HasMoreData | Should -Be @('Completed', $true)
            Assert-Failure (Get-Failure { Receive-Job $job }) FabricUnreachable ConnectionError $env:AZUREVMROLE_HOME
            $job.HasMoreData | Should -BeFalse
            Remove-Job $job
        }

        It 'keeps the connection that the session had, and gives it none' {
            Start-TestFabric
            $null = Publish-BaseVhd $data vhds/data.vhd
            $null = Add-VMImage data vhds/data.vhd Linux
            $job = Test-VMImage -ImageName data -AsJob
            Disconnect-Fabric
            ($job | Receive-Job -Wait -AutoRemoveJob).ImageName | Should -Be 'data'
            (Test-VMImage -ImageName data -AsJob | Receive-Job -Wait -AutoRemoveJob).ImageName | Should -Be 'data'
            Get-FabricConnection | Should -BeNullOrEmpty
            Stop-TestFabric
        }

        It 'ends also when who listens to it throws' {
            $job = Test-VMImage -ImageName nobody -AsJob
            $job.Error.add_DataAdded({ throw 'no runspace here' })
            $null = Wait-Job $job -Timeout 60
            $job.State | Should -BeIn 'Failed', 'Completed'
            Remove-Job $job -Force
        }

        It 'writes no job when there is nothing to test' {
            Test-VMImage (Join-Path $folder 'missing.vhd') -AsJob -ErrorAction SilentlyContinue | Should -BeNullOrEmpty
        }

        It 'boots while the prompt is free' -Skip:$noGuests {
            $job = Test-VMImage (New-Guest fail) @small -AsJob
            $job.State | Should -Be 'Running'
            $proof = Receive-Job $job -Wait -Verbose -AutoRemoveJob 4>&1 | Tee-Object -Variable said | Where-Object { $_ -is [AzureVmRole.VMImageProof] }
            $proof.Reason | Should -Match 'told to fail'
            $said | Where-Object { "$_" -match 'tiny: boot fail' } | Should -HaveCount 1
            Get-Claim | Should -BeNullOrEmpty
        }
    }

    Context 'Pipeline' {
        It 'takes files, names and objects' {
            (Get-ChildItem $folder -Filter data.vhd | Test-VMImage).Path | Should -Be $data
            ($data, $data | Test-VMImage).Count | Should -Be 2
            (Get-BaseVhd $data | Test-VMImage).Path | Should -Be $data
        }
    }

    Context 'Errors' {
        It 'names a missing file, and goes on with the others' {
            $missing = Join-Path $folder 'missing.vhd'
            Assert-Failure (Get-Failure { Test-VMImage $missing -Boot }) FileNotFound ObjectNotFound $missing
            @(Test-VMImage $missing, $data -ErrorAction SilentlyContinue).Count | Should -Be 1
        }

        It 'refuses a folder' {
            Assert-Failure (Get-Failure { Test-VMImage $folder -Boot }) PathIsFolder InvalidArgument $folder
        }

        It 'reports an empty file, and boots nothing' {
            $empty = Join-Path $folder 'empty.vhd'
            $null = New-Item $empty
            $proof = Test-VMImage $empty -Boot
            $proof.Verdict, $proof.IsBootTried | Should -Be @('Unfit', $false)
            $proof.Reason | Should -Match 'footer'
        }

        It 'says which package is missing where there is no QEMU' {
            $before = $env:PATH
            $dotnet = New-Folder 'dotnet'
            $null = New-Item -ItemType SymbolicLink (Join-Path $dotnet 'dotnet') -Target (Get-Command dotnet).Source
            try {
                $env:PATH = $dotnet
                $failure = Get-Failure { Test-VMImage $data -Boot -Generation Gen2 -MemoryInMB 128 }
            }
            finally {
                $env:PATH = $before
            }

            Assert-Failure $failure FabricNotInstalled NotInstalled 'qemu-system-x86_64'
            $failure.ErrorDetails.RecommendedAction | Should -Match 'qemu-system-x86 and ovmf on Debian'
        }

        It 'says how much memory there is when it is too little' {
            $failure = Get-Failure { Test-VMImage $data -Boot -MemoryInMB 1000000 }
            Assert-Failure $failure AllocationFailed LimitsExceeded memory
            "$failure" | Should -Match '1000256 MiB'
        }

        It 'needs a fabric for a registered image' {
            Assert-Failure (Get-Failure { Test-VMImage -ImageName tiny }) FabricUnreachable ConnectionError $env:AZUREVMROLE_HOME
        }
    }

    Context 'Stop' {
        It 'ends the guest with the job, and leaves nothing' -Skip:$noGuests {
            $manifest = $ManifestPath
            $disk = New-Guest noagent
            $job = Start-ThreadJob {
                Import-Module $using:manifest
                $small = $using:small
                Test-VMImage $using:disk @small -Verbose 4>&1
            }
            while (-not ($job.Output | Where-Object { "$_" -match 'tiny: boot' })) {
                $job.State | Should -BeIn 'NotStarted', 'Running' -Because "$($job.Output) $($job.Error)"
                Wait-Job $job -Timeout 1 | Out-Null
            }

            Get-Claim | Should -HaveCount 1
            Stop-Job $job
            Get-Claim | Should -BeNullOrEmpty
            Remove-Job $job
        }

        It 'ends the guest of -AsJob, and leaves nothing' -Skip:$noGuests {
            $job = Test-VMImage (New-Guest noagent) @small -AsJob
            $limit = [DateTime]::UtcNow.AddMinutes(2)
            while (-not ($job.Verbose -match 'tiny: boot') -and [DateTime]::UtcNow -lt $limit) { $null = Wait-Job $job -Timeout 1 }
            $job.State | Should -Be 'Running'
            $job.StatusMessage | Should -Match '^\d+ s: '
            Get-Claim | Should -HaveCount 1

            # Ctrl-C in this terminal is for what stands in front: its process group is another one.
            $children = @(Get-ChildItem /proc -Directory | Where-Object Name -Match '^\d+$' | ForEach-Object { Get-Content "$_/stat" -ErrorAction Ignore } |
                    ForEach-Object { , ($_ -replace '^.*\) ' -split ' ') } | Where-Object { $_[1] -eq $PID })
            $children | Should -Not -BeNullOrEmpty
            $children | Where-Object { $_[2] -eq ((Get-Content "/proc/$PID/stat") -replace '^.*\) ' -split ' ')[2] } | Should -BeNullOrEmpty
            Stop-Job $job
            $job.State | Should -Be 'Stopped'
            Get-Claim | Should -BeNullOrEmpty
            Remove-Job $job
            Get-Job -Id $job.Id -ErrorAction Ignore | Should -BeNullOrEmpty
        }

        It 'ends when the pipeline has enough' {
            Test-VMImage $data, $data | Select-Object -First 1 | Should -HaveCount 1
        }
    }

    Context 'Formatting' {
        It 'shows a proof as a list with the verdict on top' {
            $text = Test-VMImage $dynamic | Out-String -Width 100
            $text | Should -Match '(?m)^Path +: .*dynamic\.vhd'
            $text | Should -Match '(?m)^Verdict +: Unfit'
            $text | Should -Match '(?m)^DiskControllerType +: SCSI'
            $text | Should -Match '(?m)^NotProven +: \{'
        }

        It 'shows a table that fits 80 columns' {
            Assert-Table (Test-VMImage $data) '^Verdict +Generation +IsBooted +Agent +Path'
        }

        It 'has help' {
            Assert-Help Test-VMImage
        }
    }
}
