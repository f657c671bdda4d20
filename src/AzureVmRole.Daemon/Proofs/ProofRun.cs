using AzureVmRole.Daemon.Hosting;
using AzureVmRole.Fabric;
using AzureVmRole.Fabric.Proofs;

namespace AzureVmRole.Daemon.Proofs;

/// <summary>One proof as a process of its own: it ends with whoever started it, and leaves nothing.</summary>
internal static class ProofRun
{
    /// <summary>Proves an image, and tells of it in lines of JSON.</summary>
    /// <param name="arguments">What stands behind <c>prove</c>.</param>
    /// <param name="input">Its end ends the proof: whoever started it is gone.</param>
    /// <param name="output">Gets the lines.</param>
    /// <param name="stop">Signalled to end the proof.</param>
    public static async Task<ExitCode> RunAsync(IReadOnlyList<string> arguments, Stream input, Stream output, CancellationToken stop)
    {
        var lines = new ProofLines(output);
        using var end = CancellationTokenSource.CreateLinkedTokenSource(stop);
        try
        {
            ProveOptions options = ProveCommandLine.Parse(arguments);
            _ = Task.Run(() => EndWithInputAsync(input, end), CancellationToken.None);
            lines.WriteReport(await ProveAsync(options, lines, end.Token).ConfigureAwait(false));
            return ExitCode.Stopped;
        }
        catch (OperationCanceledException) when (end.IsCancellationRequested)
        {
            return ExitCode.Interrupted;
        }
        catch (UsageException exception)
        {
            lines.WriteError(ErrorCode.InvalidArgument, exception.Message, "prove", "Correct the arguments: azvmrole-fabric --help shows them.");
            return ExitCode.Usage;
        }
        catch (AzureVmRoleException exception)
        {
            lines.WriteError(exception.Code, exception.Message, exception.Target.ToString(), exception.RecommendedAction);
            return ExitCode.Failed;
        }
        catch (Exception exception)
        {
            lines.WriteError(ErrorCode.InternalError, $"{exception.GetType().Name}: {exception.Message}", null, null);
            return ExitCode.Failed;
        }
    }

    private static async Task<ImageProofReport> ProveAsync(ProveOptions options, ProofLines lines, CancellationToken cancellationToken)
    {
        string scratch = Directory.CreateTempSubdirectory("azvmrole-").FullName;
        try
        {
            // Everything temporary of this process, and of QEMU, goes into one folder, which whoever comes next can remove should we be killed.
            Environment.SetEnvironmentVariable(OperatingSystem.IsWindows() ? "TMP" : "TMPDIR", scratch);
            string slots = options.SlotFolder ?? ProofSlot.DefaultFolder;
            using ProofSlot slot = await ProofSlot.TakeAsync(slots, options.Proof.MemoryInMiB, scratch, lines.WriteNote, TimeProvider.System, cancellationToken).ConfigureAwait(false);
            ImageProofOptions told = options.Proof with { Line = lines.WriteConsole, Step = lines.WriteStep, Note = lines.WriteNote };
            return await ImageProof.RunAsync(told, TimeProvider.System, cancellationToken).ConfigureAwait(false);
        }
        finally
        {
            Directory.Delete(scratch, recursive: true);
        }
    }

    private static async Task EndWithInputAsync(Stream input, CancellationTokenSource end)
    {
        byte[] buffer = new byte[256];
        try
        {
            while (await input.ReadAsync(buffer, CancellationToken.None).ConfigureAwait(false) > 0)
            {
                // Nobody has anything to say here.
            }

            await end.CancelAsync().ConfigureAwait(false);
        }
        catch (ObjectDisposedException)
        {
            // The proof has ended first.
        }
        catch (IOException)
        {
            await end.CancelAsync().ConfigureAwait(false);
        }
    }
}
