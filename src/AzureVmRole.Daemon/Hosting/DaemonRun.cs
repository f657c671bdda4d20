using AzureVmRole.Daemon.Arm;
using AzureVmRole.Daemon.Logging;
using AzureVmRole.Daemon.Security;
using Microsoft.AspNetCore.Connections;
using Microsoft.Extensions.Logging;

namespace AzureVmRole.Daemon.Hosting;

/// <summary>One life of the program: opens the fabric, answers until it is asked to stop, and says in its exit code how it ended.</summary>
internal static class DaemonRun
{
    /// <summary>Runs until somebody asks for the end.</summary>
    /// <param name="options">What it is started with.</param>
    /// <param name="started">Told where it answers.</param>
    /// <param name="stop">Signalled to stop it.</param>
    /// <exception cref="FabricException">The fabric cannot be opened, or has failed.</exception>
    /// <exception cref="IOException">The port is in use.</exception>
    public static async Task RunAsync(DaemonOptions options, Action<Uri> started, CancellationToken stop)
    {
        TimeProvider clock = TimeProvider.System;
        PrivateFile.CreateFolder(options.FolderPath);
        using var logs = new FileLoggerProvider(Path.Combine(options.FolderPath, "daemon.log"), options.LogSizeInBytes, clock);
        using var factory = new LoggerFactory([logs]);
        var log = new FabricLog(factory.CreateLogger<FabricLog>());
        Fabric.LocalFabric fabric = await Fabric.LocalFabric.OpenAsync(options.Fabric, clock, log, stop).ConfigureAwait(false);
        await using (fabric.ConfigureAwait(false))
        {
            FabricDaemon daemon = await FabricDaemon.StartAsync(options, DoorOf(fabric), logs, clock, stop).ConfigureAwait(false);
            await using (daemon.ConfigureAwait(false))
            {
                log.LogStarted(daemon.Port, ProgramVersion.Text);
                started(daemon.Endpoint);
                var stopped = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
                using CancellationTokenRegistration registration = stop.Register(stopped.SetResult);
                Task first = await Task.WhenAny(stopped.Task, daemon.Stopping, fabric.Completion).ConfigureAwait(false);
                await daemon.StopAsync().ConfigureAwait(false);
                await first.ConfigureAwait(false);
                log.LogStopped();
            }
        }
    }

    /// <summary>The door of a fabric in this process.</summary>
    public static FabricDoor DoorOf(Fabric.LocalFabric fabric) => new(fabric.Options, fabric.Requests, fabric.Operations.Find, fabric.Operations.WaitAsync) { HostKind = fabric.HostKind };

    /// <summary>How the program ends after an error.</summary>
    public static ExitCode CodeOf(Exception exception) => exception switch
    {
        UsageException => ExitCode.Usage,
        FabricException { Code: ErrorCode.RequestInvalid } => ExitCode.Usage,
        FabricException { Code: ErrorCode.FabricInUse } => ExitCode.HomeInUse,
        FabricException { Code: ErrorCode.FabricDamaged } => ExitCode.DatabaseDamaged,
        FabricException { Code: ErrorCode.AccessDenied } => ExitCode.FileUnsafe,
        IOException { InnerException: AddressInUseException } or AddressInUseException => ExitCode.PortInUse,
        _ => ExitCode.Failed,
    };
}
