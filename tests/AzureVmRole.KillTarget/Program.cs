using System.Diagnostics;
using System.IO.Pipes;
using AzureVmRole;
using AzureVmRole.Disks.Files;
using AzureVmRole.KillTarget;

// Arguments: the handle of a pipe to report to, then the words of an operation. The pipe gets "go" before the first step,
// then "done" with the peak of resident memory, or "error" with the code, the target, the action and the message. "hold" keeps a file open until it is killed.
await using var pipe = new AnonymousPipeClientStream(PipeDirection.Out, args[0]);
await using var report = new StreamWriter(pipe) { AutoFlush = true };
try
{
    if (args is [_, "hold", var path])
    {
        using var held = DiskFile.OpenWrite(path);
        await report.WriteLineAsync("go");
        await new TaskCompletionSource().Task;
    }

    await report.WriteLineAsync("go");
    await Operation.RunAsync(args[1..], null, CancellationToken.None);
    await report.WriteLineAsync($"done {Process.GetCurrentProcess().PeakWorkingSet64}");
    return 0;
}
catch (AzureVmRoleException exception)
{
    await report.WriteLineAsync($"error {exception.Code}\t{exception.Target}\t{exception.RecommendedAction}\t{exception.Message}");
    return 1;
}
