using AzureVmRole.Engine.Compute.Connecting;
using AzureVmRole.Engine.Storage;

namespace AzureVmRole.Engine.Compute.Local;

/// <summary>Starts, stops and shows the fabric of a home folder.</summary>
public static class LocalFabrics
{
    private static readonly TimeSpan BetweenLooks = TimeSpan.FromMilliseconds(50);

    // How long a fabric that somebody else is starting gets to answer.
    private static readonly TimeSpan PatienceWithOthers = TimeSpan.FromSeconds(10);

    /// <summary>Shows the fabric of a home folder, whether it runs or not.</summary>
    /// <exception cref="FabricException">FabricUnreachable when its note cannot be read.</exception>
    public static async Task<LocalFabricState> GetAsync(string? homePath, CancellationToken cancellationToken)
    {
        string home = homePath ?? HomeFolder.Path;
        var note = FabricNote.Find(home);
        if (note is null)
        {
            return new LocalFabricState { HomePath = home, Status = "Stopped" };
        }

        bool answers = await FabricHealth.AnswersAsync(home, note, cancellationToken).ConfigureAwait(false);
        return answers ? Describe(home, note, "Running")
            : FabricProcess.IsRunning(note.ProcessId) ? Describe(home, note, "NotAnswering")
            : new LocalFabricState { HomePath = home, Status = "Stopped" };
    }

    /// <summary>Starts the fabric of a home folder, and returns when it answers. One that runs already is given back as it is.</summary>
    /// <exception cref="FabricException">FabricNotInstalled, FabricInUse, FabricDamaged; FabricUnreachable when it does not answer in time.</exception>
    public static async Task<LocalFabricState> StartAsync(LocalFabricOptions options, CancellationToken cancellationToken)
    {
        string home = options.HomePath ?? HomeFolder.Path;
        LocalFabricState found = await GetAsync(home, cancellationToken).ConfigureAwait(false);
        if (found.Status == "Running")
        {
            options.Log?.WriteDecision($"The fabric of '{home}' runs already, as process {found.ProcessId}.");
            WarnOfOthers(options, found);
            return found;
        }

        // What a killed fabric left names a place where the new one may answer, too: only the new note tells of the new process.
        int? before = FabricNote.Find(home)?.ProcessId;
        using var process = FabricProcess.Start(home, options);
        TimeProvider clock = TimeProvider.System;
        long began = clock.GetTimestamp();
        while (clock.GetElapsedTime(began) < options.Patience)
        {
            if (FabricNote.Find(home) is { } note && (note.ProcessId != before || process.HasFoundHomeInUse)
                && await FabricHealth.AnswersAsync(home, note, cancellationToken).ConfigureAwait(false))
            {
                return Describe(home, note, "Running");
            }

            if (!process.HasFoundHomeInUse || clock.GetElapsedTime(began) > PatienceWithOthers)
            {
                process.ThrowIfEnded();
            }

            await Task.Delay(BetweenLooks, clock, cancellationToken).ConfigureAwait(false);
        }

        throw new FabricException(
            ErrorCode.FabricUnreachable, home, $"The fabric of '{home}' was started, but has not answered for {options.Patience.TotalSeconds:0} s.",
            $"Look at '{process.LogPath}' and at '{Path.Combine(home, "fabric", "daemon.log")}'.");
    }

    /// <summary>Stops the fabric of a home folder gracefully, and returns when it has ended; one that is starting or ending is waited for. What it has acknowledged is there at the next start.</summary>
    /// <returns>The fabric, stopped.</returns>
    /// <exception cref="FabricException">FabricUnreachable when it does not answer, or does not end in time.</exception>
    public static async Task<LocalFabricState> StopAsync(LocalFabricOptions options, CancellationToken cancellationToken)
    {
        string home = options.HomePath ?? HomeFolder.Path;
        await WaitWhileUnnamedAsync(home, options, cancellationToken).ConfigureAwait(false);
        if (FabricNote.Find(home) is not { } note)
        {
            options.Log?.WriteDecision($"No fabric runs in '{home}'.");
            return new LocalFabricState { HomePath = home, Status = "Stopped" };
        }

        if (!await FabricHealth.AskToStopAsync(home, note, cancellationToken).ConfigureAwait(false))
        {
            if (!FabricProcess.IsRunning(note.ProcessId))
            {
                options.Log?.WriteDecision($"The fabric of '{home}' was ended, not stopped: there is no process {note.ProcessId}. What it has acknowledged is there at the next start.");
                return new LocalFabricState { HomePath = home, Status = "Stopped" };
            }

            throw new FabricException(
                ErrorCode.FabricUnreachable, home, $"The fabric of '{home}' does not answer at {note.Endpoint.AbsoluteUri}, so it cannot be asked to stop.",
                $"If process {note.ProcessId} is no fabric any more, delete '{FabricNote.PathIn(home)}'; else end it.");
        }

        TimeProvider clock = TimeProvider.System;
        long began = clock.GetTimestamp();
        while (FabricProcess.IsRunning(note.ProcessId) || FabricNote.Find(home) is not null)
        {
            if (clock.GetElapsedTime(began) > options.Patience)
            {
                throw new FabricException(
                    ErrorCode.FabricUnreachable, home, $"The fabric of '{home}' was asked to stop, but process {note.ProcessId} has not ended for {options.Patience.TotalSeconds:0} s.",
                    $"Look at '{Path.Combine(home, "fabric", "daemon.log")}', or end the process: no acknowledged change is lost.");
            }

            await Task.Delay(BetweenLooks, clock, cancellationToken).ConfigureAwait(false);
        }

        return new LocalFabricState { HomePath = home, Status = "Stopped" };
    }

    // A fabric that starts or ends has the folder without a note of where it answers: there is nobody to ask yet, or any more.
    private static async Task WaitWhileUnnamedAsync(string home, LocalFabricOptions options, CancellationToken cancellationToken)
    {
        TimeProvider clock = TimeProvider.System;
        long began = clock.GetTimestamp();
        bool isTold = false;
        while (FabricHolder.Find(home) is { } holder && !holder.IsNamedBy(FabricNote.Find(home)))
        {
            if (clock.GetElapsedTime(began) > options.Patience)
            {
                throw new FabricException(
                    ErrorCode.FabricUnreachable, home,
                    $"The home folder '{home}' is in use by {holder}, which has not ended for {options.Patience.TotalSeconds:0} s. '{FabricNote.PathIn(home)}' does not say where it answers, so it cannot be asked to stop.",
                    $"Look at '{Path.Combine(home, "fabric", "daemon.log")}', or end the process: no acknowledged change is lost.");
            }

            if (!isTold)
            {
                options.Log?.WriteDecision($"A fabric is starting or ending in '{home}', as {holder}; it is waited for.");
                isTold = true;
            }

            await Task.Delay(BetweenLooks, clock, cancellationToken).ConfigureAwait(false);
        }
    }

    private static void WarnOfOthers(LocalFabricOptions options, LocalFabricState found)
    {
        bool isOther = options.HostKind != FabricHostKind.Auto && found.HostKind is { } kind && kind != options.HostKind.ToString();
        bool isElsewhere = options.Locations.Count > 0 && !options.Locations.ToHashSet(StringComparer.OrdinalIgnoreCase).SetEquals(found.Locations);
        if (isOther || isElsewhere || (options.Port is { } port && port != found.Endpoint?.Port))
        {
            options.Log?.WriteWarning(
                $"The fabric of '{found.HomePath}' runs already, at port {found.Endpoint?.Port} with {string.Join(", ", found.Locations)} and hosts of the kind {found.HostKind}: what -Port, -Location and -HostKind say does not count until it was stopped.");
        }
    }

    private static LocalFabricState Describe(string home, FabricNote note, string status) => new()
    {
        HomePath = home,
        Status = status,
        Endpoint = note.Endpoint,
        ProcessId = note.ProcessId,
        Version = note.Version,
        HostKind = note.HostKind,
        SubscriptionId = note.SubscriptionId,
        Locations = [.. note.Locations],
        Thumbprint = note.Thumbprint,
    };
}
