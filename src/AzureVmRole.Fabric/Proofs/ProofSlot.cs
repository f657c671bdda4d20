using System.Globalization;
using AzureVmRole.Engine.Storage;

namespace AzureVmRole.Fabric.Proofs;

/// <summary>
/// A running proof's share of the memory, seen by all proofs of this account: a file in a common folder that its process holds locked. The lock ends with the process however that
/// ends, and whoever comes next removes what such a proof has left.
/// </summary>
public sealed class ProofSlot : IDisposable
{
    /// <summary>What a proof needs beside the guest's memory, in MiB: QEMU, and the services around the guest.</summary>
    public const int OverheadInMiB = 256;

    /// <summary>Where this account's running proofs are noted, unless somebody says otherwise.</summary>
    public static string DefaultFolder => Path.Combine(HomeFolder.Path, "proofs");

    private const string Extension = ".proof";
    private const string ScratchPrefix = "azvmrole-";

    // Guests touch their memory bit by bit: what is available now is no promise, so all claims together stay below a share of the whole.
    private const double LargestShare = 0.8;

    private static readonly TimeSpan BetweenLooks = TimeSpan.FromSeconds(1);

    private readonly FileStream _file;

    private ProofSlot(FileStream file) => _file = file;

    /// <summary>Waits until there is memory for a proof, and takes it.</summary>
    /// <param name="folder">The common folder; made when it is missing.</param>
    /// <param name="memoryInMiB">The guest's memory.</param>
    /// <param name="scratchPath">The proof's temporary folder: removed by whoever comes next when this process is killed.</param>
    /// <param name="note">Told once when it has to wait.</param>
    /// <param name="clock">The time.</param>
    /// <param name="cancellationToken">Ends the waiting.</param>
    /// <exception cref="FabricException">AllocationFailed: there is too little memory, and no proof runs whose end could give some back.</exception>
    /// <exception cref="DiskOperationException">The folder cannot be used.</exception>
    public static Task<ProofSlot> TakeAsync(
        string folder, int memoryInMiB, string scratchPath, Action<string>? note, TimeProvider clock, CancellationToken cancellationToken) =>
        TakeAsync(folder, memoryInMiB, scratchPath, note, MachineMemory.Read, clock, cancellationToken);

    internal static async Task<ProofSlot> TakeAsync(
        string folder, int memoryInMiB, string scratchPath, Action<string>? note, Func<MachineMemory> memory, TimeProvider clock, CancellationToken cancellationToken)
    {
        long need = memoryInMiB + OverheadInMiB;
        bool hasTold = false;
        while (true)
        {
            (ProofSlot? slot, int others, string lack) = TryTake(folder, need, scratchPath, memory());
            if (slot is not null)
            {
                return slot;
            }

            if (others == 0)
            {
                throw new FabricException(
                    ErrorCode.AllocationFailed, "memory", $"The proof needs {need} MiB of memory ({memoryInMiB} MiB of them for the guest), but {lack}.",
                    "Give the guest less with -MemoryInMB, or end other programs.");
            }

            if (!hasTold)
            {
                note?.Invoke($"Waiting for memory: {need} MiB are needed, but {lack}. {(others == 1 ? "Another proof runs" : $"{others} other proofs run")}.");
                hasTold = true;
            }

            await Task.Delay(BetweenLooks, clock, cancellationToken).ConfigureAwait(false);
        }
    }

    /// <summary>Gives the memory back.</summary>
    public void Dispose()
    {
        File.Delete(_file.Name);
        _file.Dispose();
    }

    /// <summary>Decides under a lock that all proofs share; somebody who has it for a moment counts as a proof that runs.</summary>
    private static (ProofSlot? Slot, int Others, string Lack) TryTake(string folder, long need, string scratchPath, MachineMemory memory)
    {
        try
        {
            if (OperatingSystem.IsWindows())
            {
                Directory.CreateDirectory(folder);
            }
            else
            {
                Directory.CreateDirectory(folder, UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute);
            }

            using FileStream? gate = TryLock(Path.Combine(folder, "gate"), FileMode.OpenOrCreate);
            if (gate is null)
            {
                return (null, 1, "another proof is just starting");
            }

            long[] claims = [.. Directory.EnumerateFiles(folder, "*" + Extension).Select(ReadClaim).OfType<long>()];
            return FindLack(need, claims.Sum(), memory) is { } lack ? (null, claims.Length, lack) : (Make(folder, need, scratchPath), claims.Length, "");
        }
        catch (Exception failure) when (failure is IOException or UnauthorizedAccessException)
        {
            throw new DiskOperationException(
                ErrorCode.AccessDenied, folder, $"The folder '{folder}', where running proofs are noted, cannot be used: {failure.Message}",
                "Give this account the right to write there, or set AZUREVMROLE_HOME to another folder.", failure);
        }
    }

    private static string? FindLack(long need, long claimed, MachineMemory memory)
    {
        long limit = (long)(memory.TotalInMiB * LargestShare);
        return need + claimed > limit ? $"proofs together may use {limit} MiB of this machine's {memory.TotalInMiB} MiB, and {claimed} MiB are in use"
            : need > memory.AvailableInMiB ? $"{memory.AvailableInMiB} MiB are available"
            : null;
    }

    private static ProofSlot Make(string folder, long need, string scratchPath)
    {
        string name = string.Create(CultureInfo.InvariantCulture, $"{need}-{Guid.NewGuid():N}{Extension}");
        FileStream file = TryLock(Path.Combine(folder, name), FileMode.CreateNew) ?? throw new IOException($"'{name}' was locked by somebody else.");
        using (var text = new StreamWriter(file, leaveOpen: true))
        {
            text.Write(scratchPath);
        }

        file.Flush();
        return new ProofSlot(file);
    }

    /// <summary>What a proof that runs has claimed, in MiB; null for one that runs no more, whose remains are removed.</summary>
    private static long? ReadClaim(string path)
    {
        FileStream? file = null;
        try
        {
            file = TryLock(path, FileMode.Open);
        }
        catch (FileNotFoundException)
        {
            // It has ended in this moment.
            return null;
        }

        if (file is null)
        {
            string name = Path.GetFileName(path);
            return long.TryParse(name.Split('-')[0], NumberStyles.None, CultureInfo.InvariantCulture, out long claim) ? claim : null;
        }

        using (file)
        using (var text = new StreamReader(file))
        {
            RemoveScratch(text.ReadToEnd());
            File.Delete(path);
            return null;
        }
    }

    private static void RemoveScratch(string scratchPath)
    {
        string? parent = Path.GetDirectoryName(scratchPath);
        if (parent is not null && Path.GetFileName(scratchPath).StartsWith(ScratchPrefix, StringComparison.Ordinal) && Directory.Exists(scratchPath))
        {
            Directory.Delete(scratchPath, recursive: true);
        }
    }

    /// <summary>Opens a file for this process alone; null when another one has it.</summary>
    private static FileStream? TryLock(string path, FileMode mode)
    {
        try
        {
            return new FileStream(path, mode, FileAccess.ReadWrite, FileShare.None);
        }
        catch (IOException failure) when (failure is not (FileNotFoundException or DirectoryNotFoundException or PathTooLongException) && File.Exists(path))
        {
            return null;
        }
    }
}
