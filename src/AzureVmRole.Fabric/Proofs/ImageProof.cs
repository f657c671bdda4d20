using System.Net;
using System.Net.NetworkInformation;
using System.Text.Json.Nodes;
using AzureVmRole.Disks;
using AzureVmRole.Disks.Partitions;
using AzureVmRole.Fabric.Guests;
using AzureVmRole.Fabric.Guests.Beats;
using AzureVmRole.Fabric.Guests.Media;
using AzureVmRole.Fabric.Hosts.Qemu;

namespace AzureVmRole.Fabric.Proofs;

/// <summary>
/// Boots a copy-on-write view of an image with Azure's provisioning around it, until its own agent reports that it is ready or it is certain that none will. The image is only
/// read. Nothing is left running or on disk.
/// </summary>
public sealed class ImageProof : IDisposable
{
    // What a BIOS starts, before the disk's signature and the partitions (UEFI specification, "Legacy Master Boot Record").
    private const int BootCodeLength = 440;

    private const int PatienceFactor = 3;

    /// <summary>How often prompts are looked for, which end no line.</summary>
    private static readonly TimeSpan LookPeriod = TimeSpan.FromSeconds(2);

    private readonly ImageProofOptions _options;
    private readonly TimeProvider _clock;
    private readonly SemaphoreSlim _news = new(0);
    private readonly ConsoleWatch _watch;

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
    /// <exception cref="FabricException">There is no QEMU, or it does not start the guest.</exception>
    /// <exception cref="DiskFormatException">The image cannot be read.</exception>
    /// <exception cref="DiskOperationException">It is of a kind that QEMU does not read.</exception>
    public static async Task<ImageProofReport> RunAsync(ImageProofOptions options, TimeProvider clock, CancellationToken cancellationToken)
    {
        using var proof = new ImageProof(options, clock);
        return await proof.RunAsync(cancellationToken).ConfigureAwait(false);
    }

    /// <inheritdoc/>
    public void Dispose() => _news.Dispose();

    private async Task<ImageProofReport> RunAsync(CancellationToken cancellationToken)
    {
        (string format, bool isGeneration2, string? flaw) = Inspect();
        if (flaw is not null)
        {
            return new ImageProofReport(false, flaw, null, null, "none", isGeneration2 ? 2 : 1, TimeSpan.Zero, []);
        }

        using var folder = new ScratchFolder();
        QemuInstallation qemu = await QemuSearch.FindAsync(null, folder.Path, cancellationToken).ConfigureAwait(false);
        GuestIdentity guest = MakeIdentity();
        string media = Path.Combine(folder.Path, "media.iso");
        ProvisioningMedia.Write(media, guest, _clock.GetUtcNow());
        var services = new GuestServices(guest, _options.Beats, _clock, () => _news.Release());
        await using (services.ConfigureAwait(false))
        {
            var console = new ConsoleLog(See);
            QemuGuest running = await QemuGuest.StartAsync(qemu, MakeOptions(guest, format, isGeneration2, media), services.Segment, console, (name, data) => Note(services, name, data), cancellationToken)
                .ConfigureAwait(false);
            await using (running.ConfigureAwait(false))
            {
                Task ending = NoteEndAsync(services, running);
                BeatVerdict verdict = await AwaitVerdictAsync(services, console, cancellationToken).ConfigureAwait(false);
                await KeepAsync(running, console, cancellationToken).ConfigureAwait(false);
                await running.DisposeAsync().ConfigureAwait(false);
                await ending.ConfigureAwait(false);
                return Report(services.Beats, verdict, qemu, isGeneration2);
            }
        }
    }

    private (string Format, bool IsGeneration2, string? Flaw) Inspect()
    {
        using VirtualDisk disk = VirtualDiskFile.Open(_options.Path);
        string format = (disk.Format, disk.Type) switch
        {
            (_, VhdType.Differencing) => throw new DiskOperationException(
                ErrorCode.DiskTypeUnsuitable, _options.Path, $"'{_options.Path}' is a differencing disk, which QEMU does not read.", "Merge it into a new disk first: Merge-DifferencingVhd -DestinationPath."),
            (VhdFormat.Vhd, _) => "vpc",
            (VhdFormat.Vhdx, _) => "vhdx",
            (VhdFormat.Qcow2, _) => "qcow2",
            _ => "raw",
        };
        DiskGeneration found = PartitionTable.Read(disk).Generation;
        bool isGeneration2 = _options.IsGeneration2 ?? found == DiskGeneration.Gen2;
        return (format, isGeneration2, isGeneration2 ? null : FindBootFlaw(disk, found));
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

    private void See(string line)
    {
        _options.Line?.Invoke(line);
        if (_watch.Take(line))
        {
            _news.Release();
        }
    }

    private static void Note(GuestServices services, string name, JsonObject data)
    {
        if (name == "RESET" && data["guest"]?.GetValue<bool>() == true)
        {
            services.Note((beats, now) => beats.Reboot(now));
        }
        else if (name == "DEVICE_TRAY_MOVED" && data["tray-open"]?.GetValue<bool>() == true)
        {
            services.Note((beats, now) => beats.Eject(now));
        }
    }

    private static async Task NoteEndAsync(GuestServices services, QemuGuest guest)
    {
        string said = await guest.Ended.ConfigureAwait(false);
        services.Note((beats, now) => beats.End(now, said));
    }

    private async Task<BeatVerdict> AwaitVerdictAsync(GuestServices services, ConsoleLog console, CancellationToken cancellationToken)
    {
        while (true)
        {
            DateTimeOffset now = _clock.GetUtcNow();
            _watch.TakePrompt(console.Unfinished);
            GuestBeats beats = services.Beats;
            BeatVerdict verdict = beats.Look(now);
            if (FindFailure(beats, verdict, now) is { } reason)
            {
                return new BeatVerdict(GuestPhase.Failed, reason, IsResetDue: false, IsFinal: true, LookAgainAt: null);
            }

            if (verdict.IsFinal)
            {
                return verdict;
            }

            TimeSpan wait = (verdict.LookAgainAt ?? now + _options.Limit) - now;
            await _news.WaitAsync(wait < LookPeriod ? wait : LookPeriod, cancellationToken).ConfigureAwait(false);
        }
    }

    /// <summary>Why the guest will not be ready, or was not in time; null when it may still be, or an agent said why itself.</summary>
    private string? FindFailure(GuestBeats beats, BeatVerdict verdict, DateTimeOffset now)
    {
        if (verdict.Phase != GuestPhase.Ready && _watch.Verdict is { } said)
        {
            return said;
        }

        if (verdict.Phase is GuestPhase.Ready or GuestPhase.Failed)
        {
            return verdict is { Phase: GuestPhase.Ready, IsFinal: true } ? ProofReason.OfReady(beats) : null;
        }

        if (verdict.Phase == GuestPhase.TimedOut)
        {
            return ProofReason.Of(beats, _watch.Stage, $"not ready after {_options.Limit}");
        }

        TimeSpan patience = Patience(beats);
        bool isDone = beats.IsAgentHeard ? ProofReason.IsPastProvisioning(beats) : _watch.Stage == ConsoleStage.Login;
        return isDone && now - LastNews(beats) >= patience
            ? ProofReason.Of(beats, _watch.Stage, $"nothing new was seen of it for {patience}")
            : null;
    }

    /// <summary>An agent starts beside the login prompt, or after it: it may take as long as everything before, and a system waits two minutes for a network that does not come.</summary>
    private TimeSpan Patience(GuestBeats beats)
    {
        TimeSpan started = (_watch.StageAt - beats.StartedAt ?? TimeSpan.Zero) * PatienceFactor;
        return started > _options.Patience ? started : _options.Patience;
    }

    private DateTimeOffset LastNews(GuestBeats beats)
    {
        DateTimeOffset step = beats.Steps.Count > 0 ? beats.Steps[^1].At : beats.StartedAt;
        return _watch.HeardAt > step ? _watch.HeardAt.Value : step;
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
            catch (IOException)
            {
                // It ended in this moment, and has no screen any more.
            }
        }
    }

    private static ImageProofReport Report(GuestBeats beats, BeatVerdict verdict, QemuInstallation qemu, bool isGeneration2)
    {
        DateTimeOffset start = beats.StartedAt;
        return new ImageProofReport(
            verdict.Phase == GuestPhase.Ready, verdict.Phase == GuestPhase.Ready ? null : verdict.Message, beats.Agent, beats.AgentVersion, qemu.Accelerator, isGeneration2 ? 2 : 1,
            (beats.Steps.Count > 0 ? beats.Steps[^1].At : start) - start,
            [.. beats.Steps.Select(step => new ImageProofStep(step.At - start, step.Boot, step.Agent is null ? step.What : $"{step.What} ({step.Agent})"))]);
    }

    private GuestIdentity MakeIdentity() => new()
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
        AdminUserName = "azvmrole",
        AdminPassword = _options.OSType == "Windows" ? $"Aa1!{Guid.NewGuid():N}" : null,
        IsPasswordDisabled = _options.OSType == "Linux",
        Address = new IPAddress([10, 0, 0, 4]),
        Gateway = new IPAddress([10, 0, 0, 1]),
        Adapter = new PhysicalAddress([0x00, 0x0d, 0x3a, 0x00, 0x00, 0x04]),
    };

    private QemuGuestOptions MakeOptions(GuestIdentity guest, string format, bool isGeneration2, string media) => new()
    {
        InstanceId = guest.InstanceId,
        Cores = _options.Cores,
        MemoryInMiB = _options.MemoryInMiB,
        IsGeneration2 = isGeneration2,
        OSDisk = new QemuDisk(QemuDisk.OSLun, _options.Path, format, "ReadWrite", IsUntouched: true),
        MediaPath = media,
        Adapter = guest.Adapter,
    };
}
