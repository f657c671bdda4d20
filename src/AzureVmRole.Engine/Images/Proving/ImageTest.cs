using System.Diagnostics;
using System.Globalization;
using System.Text.Json;
using AzureVmRole.Engine.Compute.Local;
using AzureVmRole.Engine.Images.Readiness;

namespace AzureVmRole.Engine.Images.Proving;

/// <summary>Tells whether an image is fit for Azure: by the readiness rules, and by booting it.</summary>
public static class ImageTest
{
    /// <summary>Applies the readiness rules; then, where that is asked for and the disk can be read, boots a copy-on-write view of it until its agent reports, or it is certain that none will.</summary>
    /// <param name="options">The image, and what is to be done.</param>
    /// <param name="progress">Gets what happens; called from several threads.</param>
    /// <param name="cancellationToken">Ends the work: the guest ends with it, and nothing is left.</param>
    /// <exception cref="DiskOperationException">The file cannot be opened, or is in use.</exception>
    /// <exception cref="FabricException">RequestInvalid: NVMe for another generation than 2. FabricNotInstalled: there is no QEMU, no UEFI firmware, or no program that starts them. AllocationFailed: there is too little memory.</exception>
    public static async Task<VMImageProof> TestAsync(ImageTestOptions options, IProgress<TransferProgress>? progress, CancellationToken cancellationToken)
    {
        ReadinessReport readiness = await ReadinessTest.TestAsync(new ReadinessTestOptions { Path = options.Path, Generation = options.Generation }, cancellationToken).ConfigureAwait(false);
        if (readiness.Generation != DiskGeneration.Unknown)
        {
            DiskControllerRule.Require(options.Path, readiness.Generation, options.DiskControllerType);
        }

        DiskFinding[] errors = [.. readiness.Findings.Where(finding => finding.Severity == FindingSeverity.Error)];
        var proof = new VMImageProof
        {
            Path = options.Path,
            ImageName = options.ImageName,
            Verdict = errors.Length == 0 ? VMImageVerdict.Ready : VMImageVerdict.Unfit,
            Reason = errors.Length == 0 ? null : string.Join(" ", errors.Select(finding => finding.ToString())),
            Readiness = readiness,
            OSType = options.OSType,
            Generation = readiness.Generation,
            DiskControllerType = options.DiskControllerType,
            NotProven = NotProven.WithoutBoot,
        };

        // A size of 0 stands for a disk that cannot be read: there is nothing to boot.
        return options.Boot && readiness.Size > 0 ? await new Boot(options, progress, proof).RunAsync(cancellationToken).ConfigureAwait(false) : proof;
    }

    /// <summary>One boot, watched through the lines that its process writes.</summary>
    private sealed class Boot(ImageTestOptions options, IProgress<TransferProgress>? progress, VMImageProof proof)
    {
        private const int TailLength = 20;
        private const int Interrupted = 7;

        private static readonly TimeSpan BetweenTicks = TimeSpan.FromMilliseconds(250);

        private readonly Queue<string> _tail = new();
        private readonly Stopwatch _watch = Stopwatch.StartNew();
        private volatile string _doing = "Starting";

        public async Task<VMImageProof> RunAsync(CancellationToken cancellationToken)
        {
            IReadOnlyList<string> program = options.Program ?? FabricProgram.Find();
            CreateFolders();
            ITimer ticker = TimeProvider.System.CreateTimer(_ => Report(), null, TimeSpan.Zero, BetweenTicks);
            await using (ticker.ConfigureAwait(false))
            {
                var process = ProofProcess.Start(program, Arguments());
                await using (process.ConfigureAwait(false))
                {
                    await foreach (JsonElement message in process.ReadAsync(cancellationToken).ConfigureAwait(false))
                    {
                        if (Take(message) is { } result)
                        {
                            return result;
                        }
                    }

                    throw await WhyEndedAsync(process, cancellationToken).ConfigureAwait(false);
                }
            }
        }

        private VMImageProof? Take(JsonElement message)
        {
            switch (ProofMessage.Text(message, "kind"))
            {
                case "console" when ProofMessage.Text(message, "line") is { } line:
                    Keep(line);
                    return null;
                case "step":
                    VMImageProofStep step = ProofMessage.Step(message);
                    _doing = step.What;
                    options.Log?.WriteDecision($"{Path.GetFileName(options.Path)}: {step}");
                    return null;
                case "note" when ProofMessage.Text(message, "text") is { } text:
                    _doing = text;
                    options.Log?.WriteDecision($"{Path.GetFileName(options.Path)}: {text}");
                    return null;
                case "report":
                    return Conclude(message);
                case "error":
                    throw ProofMessage.Error(message, options.Path);
                default:
                    return null;
            }
        }

        private void Keep(string line)
        {
            if (string.IsNullOrWhiteSpace(line))
            {
                return;
            }

            if (_tail.Count == TailLength)
            {
                _tail.Dequeue();
            }

            _tail.Enqueue(line);
            options.Log?.WriteDecision($"{Path.GetFileName(options.Path)} | {line}");
        }

        private VMImageProof Conclude(JsonElement message)
        {
            bool isReady = ProofMessage.IsReady(message);
            VMImageProof result = ProofMessage.Report(message, proof);
            return result with
            {
                Verdict = !isReady ? VMImageVerdict.NotReady : proof.Verdict == VMImageVerdict.Ready ? VMImageVerdict.Ready : VMImageVerdict.FileUnfit,
                Reason = !isReady ? result.Reason ?? "The guest was not ready, and nothing says why." : proof.Reason,
                ConsoleTail = [.. _tail],
                ConsolePath = File.Exists(options.ConsolePath) ? options.ConsolePath : null,
                ScreenPath = File.Exists(options.ScreenPath) ? options.ScreenPath : null,
                NotProven = NotProven.AfterBoot(result.Accelerator ?? "tcg", options.OSType, options.DiskControllerType),
            };
        }

        private async Task<AzureVmRoleException> WhyEndedAsync(ProofProcess process, CancellationToken cancellationToken)
        {
            (int exit, string said) = await process.EndAsync(cancellationToken).ConfigureAwait(false);
            if (exit == Interrupted)
            {
                // A Ctrl-C reaches both of us; ours may come a moment later.
                await Task.Delay(TimeSpan.FromSeconds(1), TimeProvider.System, cancellationToken).ConfigureAwait(false);
            }

            FabricProgram.ThrowIfNotRunnable(exit, said);
            string how = exit == Interrupted ? "was ended from outside" : $"has ended with exit code {exit.ToString(CultureInfo.InvariantCulture)}";
            return new FabricException(
                ErrorCode.FabricFailed, options.Path, $"The process that boots '{options.Path}' {how} before its verdict{(said.Length > 0 ? $": {said}" : ".")}", "Run the test again.");
        }

        // What an earlier test has left there would be taken for this one's.
        private void CreateFolders()
        {
            foreach (string path in new[] { options.ConsolePath, options.ScreenPath }.OfType<string>())
            {
                try
                {
                    Directory.CreateDirectory(Path.GetDirectoryName(path) ?? path);
                    File.Delete(path);
                }
                catch (Exception failure) when (failure is IOException or UnauthorizedAccessException)
                {
                    throw new DiskOperationException(ErrorCode.WriteFailed, path, $"'{path}' cannot be written: {failure.Message}", "Give another -OutputFolder.", failure);
                }
            }
        }

        private List<string> Arguments()
        {
            List<string> arguments =
            [
                "prove", "--path", options.Path, "--os", options.OSType.ToString(),
                "--timeout", options.Timeout.ToString("c", CultureInfo.InvariantCulture),
                "--memory", options.MemoryInMB.ToString(CultureInfo.InvariantCulture),
                "--cores", options.ProcessorCount.ToString(CultureInfo.InvariantCulture),
                "--disk-controller", options.DiskControllerType.ToString(),
            ];
            if (options.Generation is { } generation and not DiskGeneration.Unknown)
            {
                arguments.AddRange(["--generation", ((int)generation).ToString(CultureInfo.InvariantCulture)]);
            }

            if (options.ConsolePath is { } console)
            {
                arguments.AddRange(["--console", console]);
            }

            if (options.ScreenPath is { } screen)
            {
                arguments.AddRange(["--screen", screen]);
            }

            return arguments;
        }

        private void Report() => progress?.Report(
            new TransferProgress($"Booting '{options.ImageName ?? Path.GetFileName(options.Path)}'", 0, 0) { Status = $"{(long)_watch.Elapsed.TotalSeconds} s: {_doing}" });
    }
}
