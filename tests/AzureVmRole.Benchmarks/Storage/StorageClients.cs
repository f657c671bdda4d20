using AzureVmRole.Engine.Storage;
using AzureVmRole.Engine.Storage.Publishing;
using AzureVmRole.Engine.Storage.Saving;

namespace AzureVmRole.Benchmarks.Storage;

/// <summary>The programs that are compared, each as a process of its own.</summary>
internal sealed class StorageClients(string folder)
{
    private readonly string _azcopy = Environment.GetEnvironmentVariable("AZVMROLE_AZCOPY") ?? "azcopy";

    /// <summary>The engine in this program, uploading.</summary>
    /// <param name="source">The disk.</param>
    /// <param name="address">The blob.</param>
    /// <param name="store">The folder store that the address is in; null for a service.</param>
    public Task<ClientRun> PublishAsync(string source, string address, string? store = null) =>
        store is null ? OursAsync("--publish", source, address) : OursAsync("--store", store, "--publish", source, address);

    /// <summary>The engine in this program, downloading.</summary>
    public Task<ClientRun> SaveAsync(string address, string target, VhdType type) => OursAsync("--save", address, target, type.ToString());

    public Task<ClientRun> AzcopyUpAsync(string source, string address) => AzcopyAsync("copy", source, address, "--from-to", "LocalBlob", "--blob-type", "PageBlob");

    public Task<ClientRun> AzcopyDownAsync(string address, string target) => AzcopyAsync("copy", address, target, "--from-to", "BlobLocal");

    public Task<ClientRun> ConvertAsync(string source, string format, string target, string type) => ClientProcess.RunAsync(
        folder, [], "qemu-img",
        "convert", "-W", "-m", "16", "-f", format, "-O", "vpc", "-o", $"subformat={type},force_size", source, target);

    public Task<ClientRun> CopyFileAsync(string source, string target) =>
        ClientProcess.RunAsync(folder, [], "cp", "--sparse=auto", source, target);

    /// <summary>What the process does that <see cref="PublishAsync"/> starts.</summary>
    public static Task<PublishedVhd> PublishHereAsync(string source, string address, string? store) => DiskPublication.PublishAsync(
        new PublishOptions
        {
            SourcePath = source,
            Destination = address,
            SkipReadinessTest = true,
            Connection = new StoreConnection { FolderPath = store },
        },
        progress: null, CancellationToken.None);

    /// <summary>What the process does that <see cref="SaveAsync"/> starts.</summary>
    public static Task<BaseVhd> SaveHereAsync(string address, string target, VhdType type) => DiskSave.SaveAsync(
        new SaveOptions { Source = address, DestinationPath = target, Type = type, Overwrite = true }, progress: null, CancellationToken.None);

    private Task<ClientRun> OursAsync(params string[] arguments)
    {
        string program = Environment.ProcessPath ?? throw new InvalidOperationException("The path of this program is unknown.");
        string[] host = Path.GetFileNameWithoutExtension(program) == "dotnet" ? [typeof(StorageClients).Assembly.Location] : [];
        return ClientProcess.RunAsync(folder, [("AZUREVMROLE_HOME", Path.Combine(folder, "home"))], program, [.. host, .. arguments]);
    }

    private Task<ClientRun> AzcopyAsync(params string[] arguments)
    {
        string logs = Path.Combine(folder, "azcopy");
        return ClientProcess.RunAsync(
            folder, [("AZCOPY_LOG_LOCATION", logs), ("AZCOPY_JOB_PLAN_LOCATION", logs)], _azcopy,
            [.. arguments, "--log-level", "NONE", "--skip-version-check"]);
    }
}
