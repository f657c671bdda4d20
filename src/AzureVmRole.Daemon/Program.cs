using System.Runtime.InteropServices;
using AzureVmRole;
using AzureVmRole.Daemon.Hosting;
using AzureVmRole.Daemon.Proofs;

#pragma warning disable RS0030 // The daemon owns its terminal, and this is the one place that touches it.
if (args is ["--help" or "-h"] or ["--version"])
{
    Console.WriteLine(args[0] == "--version" ? $"azvmrole-fabric {ProgramVersion.Text}" : $"{CommandLine.Usage}\n\n{ProveCommandLine.Usage}");
    return (int)ExitCode.Stopped;
}

if (args is [OwnSession.Option, .. string[] others])
{
    OwnSession.Begin();
    args = others;
}

using var stop = new CancellationTokenSource();
void OnSignal(PosixSignalContext context)
{
    context.Cancel = true;
    stop.Cancel();
}

using var interrupt = PosixSignalRegistration.Create(PosixSignal.SIGINT, OnSignal);
using var terminate = PosixSignalRegistration.Create(PosixSignal.SIGTERM, OnSignal);
if (args is ["prove", .. string[] rest])
{
    return (int)await ProofRun.RunAsync(rest, Console.OpenStandardInput(), Console.OpenStandardOutput(), stop.Token).ConfigureAwait(false);
}

try
{
    await DaemonRun.RunAsync(CommandLine.Parse(args), endpoint => Console.WriteLine(endpoint), stop.Token).ConfigureAwait(false);
    return (int)ExitCode.Stopped;
}
catch (OperationCanceledException) when (stop.IsCancellationRequested)
{
    return (int)ExitCode.Stopped;
}
catch (Exception exception)
{
    Console.Error.WriteLine($"azvmrole-fabric: {exception.Message}");
    if (exception is AzureVmRoleException { RecommendedAction: { } action })
    {
        Console.Error.WriteLine($"  Recommendation: {action}");
    }

    ExitCode code = DaemonRun.CodeOf(exception);
    if (code == ExitCode.Usage)
    {
        Console.Error.WriteLine(CommandLine.Usage);
    }

    return (int)code;
}
