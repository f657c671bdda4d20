using System.Net;
using System.Net.NetworkInformation;
using AzureVmRole.Disks;
using AzureVmRole.Disks.Partitions;
using AzureVmRole.Engine.Images.Conversion;
using AzureVmRole.Engine.Images.Proving;
using AzureVmRole.Fabric.Guests;
using AzureVmRole.Fabric.Guests.Beats;
using AzureVmRole.Fabric.Guests.Media;
using AzureVmRole.Fabric.Hosts.Qemu;

namespace AzureVmRole.Fabric.Proofs;

/// <summary>
/// Boots a copy-on-write view of an image with Azure's provisioning around it, until its own agent reports that it is ready or it is certain that none will. The image is only
/// read. Nothing is left running or on disk.
/// </summary>
public sealed partial class ImageProof : IDisposable
{
    // What a BIOS starts, before the disk's signature and the partitions (UEFI specification, "Legacy Master Boot Record").
    private const int BootCodeLength = 440;

    private const string UserName = "azvmrole";

    private static readonly TimeSpan SshPatience = TimeSpan.FromSeconds(20);

    private readonly ImageProofOptions _options;
    private readonly TimeProvider _clock;
    private readonly SemaphoreSlim _news = new(0);
    private readonly ConsoleWatch _watch;
    private Task<SshTrial>? _ssh;

    private ImageProof(ImageProofOptions options, TimeProvider clock)
    {
        _options = options;
        _clock = clock;
        _watch = new ConsoleWatch(clock);
    }

    /// <summary>Proves an image.</summary>
    /// <param name="options">What is to be proven.</param>
    /// <param name="clock">The time.</param>
    /// <param name="cancellationToken">Ends the proof.</param>
    /// <exception cref="FabricException">There is no QEMU, or it does not start the guest; or NVMe is asked for and the image is not of generation 2.</exception>
    /// <exception cref="DiskFormatException">The image cannot be read.</exception>
    /// <exception cref="DiskOperationException">It cannot be opened, or is in use; or a chain of differences is broken, or there is no room to fold it.</exception>
    public static async Task<ImageProofReport> RunAsync(ImageProofOptions options, TimeProvider clock, CancellationToken cancellationToken)
    {
        using var proof = new ImageProof(options, clock);
        return await proof.RunAsync(cancellationToken).ConfigureAwait(false);
    }

    /// <inheritdoc/>
    public void Dispose() => _news.Dispose();

    private async Task<ImageProofReport> RunAsync(CancellationToken cancellationToken)
    {
        (string? format, bool isGeneration2, string? flaw) = Inspect();
        DiskControllerRule.Require(_options.Path, isGeneration2 ? DiskGeneration.Gen2 : DiskGeneration.Gen1, _options.DiskControllerType);
        if (flaw is not null)
        {
            return new ImageProofReport { IsReady = false, Reason = flaw, Accelerator = "none", Generation = isGeneration2 ? 2 : 1 };
        }

        using var folder = new ScratchFolder();
        QemuInstallation qemu = await QemuSearch.FindAsync(null, folder.Path, cancellationToken).ConfigureAwait(false);
        string path = format is null ? await FoldAsync(folder, cancellationToken).ConfigureAwait(false) : _options.Path;
        var key = ProofKey.Make(folder.Path);
        GuestIdentity guest = MakeIdentity(key);
        var services = new GuestServices(guest, _options.Beats, _clock, () => _news.Release());
        await using (services.ConfigureAwait(false))
        {
            var console = new ConsoleLog(See);
            QemuGuestOptions options = MakeOptions(guest, path, format ?? "raw", isGeneration2);
            QemuGuest running = await StartAsync(qemu, options, services, console, cancellationToken).ConfigureAwait(false);
            await using (running.ConfigureAwait(false))
            {
                Task ending = NoteEndAsync(services, running);
                using var time = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
                BeatVerdict verdict = await AwaitVerdictAsync(services, console, key, time.Token, cancellationToken).ConfigureAwait(false);
                TimeSpan duration = _clock.GetUtcNow() - services.Beats.StartedAt;
                SshTrial ssh = await AwaitSshAsync(verdict, time, cancellationToken).ConfigureAwait(false);
                await KeepAsync(running, console, cancellationToken).ConfigureAwait(false);
                await running.DisposeAsync().ConfigureAwait(false);
                await ending.ConfigureAwait(false);
                return Report(services.Beats, verdict, qemu, isGeneration2) with { Duration = duration, Ssh = ssh, Address = AddressOf(services.Beats, guest) };
            }
        }
    }

    /// <summary>QEMU's name of the image's format; null for a difference, which QEMU does not read.</summary>
    private (string? Format, bool IsGeneration2, string? Flaw) Inspect()
    {
        using VirtualDisk disk = VirtualDiskFile.Open(_options.Path);
        string? format = disk.Parent is not null ? null : disk.Format switch
        {
            VhdFormat.Vhd => "vpc",
            VhdFormat.Vhdx => "vhdx",
            VhdFormat.Qcow2 => "qcow2",
            _ => "raw",
        };
        DiskGeneration found = PartitionTable.Read(disk).Generation;
        bool isGeneration2 = _options.IsGeneration2 ?? found == DiskGeneration.Gen2;
        return (format, isGeneration2, isGeneration2 ? null : FindBootFlaw(disk, found));
    }

    /// <summary>A disk of its own with the content of a chain; it has holes where the chain has.</summary>
    private async Task<string> FoldAsync(ScratchFolder folder, CancellationToken cancellationToken)
    {
        _options.Note?.Invoke("Folding the differencing disk and its parents into a temporary disk.");
        string path = Path.Combine(folder.Path, "folded.raw");
        var options = new DiskConversionOptions { SourcePath = _options.Path, DestinationPath = path, Format = VhdFormat.Raw };
        await DiskConversion.ConvertAsync(options, progress: null, cancellationToken).ConfigureAwait(false);
        return path;
    }

    private async Task<QemuGuest> StartAsync(
        QemuInstallation qemu, QemuGuestOptions options, GuestServices services, ConsoleLog console, CancellationToken cancellationToken)
    {
        try
        {
            return await QemuGuest.StartAsync(qemu, options, services.Segment, console, (name, data) => Note(services, name, data), cancellationToken).ConfigureAwait(false);
        }
        catch (FabricException exception) when (exception.Message.Contains("Failed to get", StringComparison.Ordinal) && exception.Message.Contains("lock", StringComparison.Ordinal))
        {
            throw new DiskOperationException(
                ErrorCode.DiskInUse, _options.Path, $"'{_options.Path}' is in use: another program, such as a running virtual machine, writes to it.",
                "Stop what uses it, or prove a copy.", exception);
        }
    }

    /// <summary>A BIOS runs whatever is in the first sector. Where that is nothing, the guest hangs without a word.</summary>
    private static string? FindBootFlaw(VirtualDisk disk, DiskGeneration found)
    {
        byte[] code = new byte[BootCodeLength];
        disk.Read(0, code);
        return code.AsSpan().ContainsAnyExcept((byte)0) ? null
            : "There is no boot loader for a BIOS (generation 1): the first 440 bytes of the disk are zeros."
            + (found == DiskGeneration.Gen2 ? " The disk looks like one of generation 2." : "");
    }

    /// <summary>An SSH server may start after the agent has reported: it has a little time from the verdict on.</summary>
    private async Task<SshTrial> AwaitSshAsync(BeatVerdict verdict, CancellationTokenSource time, CancellationToken cancellationToken)
    {
        if (verdict.Phase != GuestPhase.Ready || _ssh is null)
        {
            await time.CancelAsync().ConfigureAwait(false);
            await (_ssh ?? Task.CompletedTask).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
            return _options.OSType == "Linux" ? SshTrial.NotReady : new SshTrial(null, "Not tried: only Linux guests are given a key.");
        }

        _options.Note?.Invoke("Ready. Logging in by SSH.");
        time.CancelAfter(SshPatience);
        SshTrial trial = await _ssh.ConfigureAwait(false);
        cancellationToken.ThrowIfCancellationRequested();
        return trial;
    }

    private async Task KeepAsync(QemuGuest guest, ConsoleLog console, CancellationToken cancellationToken)
    {
        if (_options.ConsolePath is { } consolePath)
        {
            await File.WriteAllBytesAsync(consolePath, console.ToArray(), cancellationToken).ConfigureAwait(false);
        }

        if (_options.ScreenPath is { } screenPath && !guest.Ended.IsCompleted)
        {
            try
            {
                await guest.SaveScreenAsync(screenPath, cancellationToken).ConfigureAwait(false);
            }
            catch (Exception exception) when (exception is IOException or QmpException)
            {
                // It ended in this moment, and has no screen any more.
            }
        }
    }

    private static ImageProofReport Report(GuestBeats beats, BeatVerdict verdict, QemuInstallation qemu, bool isGeneration2) => new()
    {
        IsReady = verdict.Phase == GuestPhase.Ready,
        Reason = verdict.Phase == GuestPhase.Ready ? null : verdict.Message,
        IsBooted = beats.Steps.Any(step => step.What is not ("Started" or "Restarted" or "Ended")),
        Agent = beats.Agent,
        AgentVersion = beats.AgentVersion,
        Accelerator = qemu.Accelerator,
        Generation = isGeneration2 ? 2 : 1,
        Steps = [.. beats.Steps.Select(step => StepOf(beats, step))],
    };

    private static string? AddressOf(GuestBeats beats, GuestIdentity guest) =>
        beats.Steps.Any(step => step.What == GuestBeats.AddressTaken) ? guest.Address.ToString() : null;

    private GuestIdentity MakeIdentity(ProofKey key) => new()
    {
        InstanceId = Guid.NewGuid().ToString("D"),
        ContainerId = Guid.NewGuid().ToString("D"),
        Name = "proof",
        ComputerName = "proof",
        OSType = _options.OSType,
        SubscriptionId = Guid.Empty.ToString("D"),
        ResourceGroupName = "proof",
        Location = "local1",
        Size = "Standard_B2s",
        AdminUserName = UserName,
        AdminPassword = _options.OSType == "Windows" ? $"Aa1!{Guid.NewGuid():N}" : null,
        IsPasswordDisabled = _options.OSType == "Linux",
        Keys = _options.OSType == "Linux" ? [new GuestKey($"/home/{UserName}/.ssh/authorized_keys", key.PublicText)] : [],
        Address = new IPAddress([10, 0, 0, 4]),
        Gateway = new IPAddress([10, 0, 0, 1]),
        Adapter = new PhysicalAddress([0x00, 0x0d, 0x3a, 0x00, 0x00, 0x04]),
    };

    private QemuGuestOptions MakeOptions(GuestIdentity guest, string path, string format, bool isGeneration2) => new()
    {
        InstanceId = guest.InstanceId,
        Cores = _options.Cores,
        MemoryInMiB = _options.MemoryInMiB,
        IsGeneration2 = isGeneration2,
        OSDisk = new QemuDisk(QemuDisk.OSLun, path, format, "ReadWrite", IsUntouched: true),
        IsOSDiskNvme = _options.DiskControllerType == DiskControllerType.NVMe,
        WriteMedia = file => ProvisioningMedia.Write(file, guest, _clock.GetUtcNow()),
        Adapter = guest.Adapter,
    };
}
