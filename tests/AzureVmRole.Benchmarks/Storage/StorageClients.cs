namespace AzureVmRole.Benchmarks.Storage;

/// <summary>The programs that are compared, each as a process of its own.</summary>
internal sealed class StorageClients(string folder)
{
    private readonly string _azcopy = Environment.GetEnvironmentVariable("AZVMROLE_AZCOPY") ?? "azcopy";

    /// <summary>Publish-BaseVhd in azvmrole.</summary>
    /// <param name="source">The disk.</param>
    /// <param name="address">The blob.</param>
    /// <param name="store">The folder store that the address is in; null for a service.</param>
    public Task<ClientRun> PublishAsync(string source, string address, string? store = null) => OursAsync(
        $"Publish-BaseVhd -Path '{source}' -Destination '{address}' -SkipReadinessTest" + (store is null ? "" : $" -StorePath '{store}'"));

    /// <summary>Save-BaseVhd in azvmrole.</summary>
    public Task<ClientRun> SaveAsync(string address, string target, VhdType type) =>
        OursAsync($"Save-BaseVhd -Source '{address}' -DestinationPath '{target}' -VhdType {type} -Overwrite");

    public Task<ClientRun> AzcopyUpAsync(string source, string address) => AzcopyAsync("copy", source, address, "--from-to", "LocalBlob", "--blob-type", "PageBlob");

    public Task<ClientRun> AzcopyDownAsync(string address, string target) => AzcopyAsync("copy", address, target, "--from-to", "BlobLocal");

    public Task<ClientRun> ConvertAsync(string source, string format, string target, string type) => ClientProcess.RunAsync(
        folder, [], "qemu-img",
        "convert", "-W", "-m", "16", "-f", format, "-O", "vpc", "-o", $"subformat={type},force_size", source, target);

    public Task<ClientRun> CopyFileAsync(string source, string target) =>
        ClientProcess.RunAsync(folder, [], "cp", "--sparse=auto", source, target);

    private Task<ClientRun> OursAsync(string command) => ClientProcess.RunAsync(
        folder, [("AZUREVMROLE_HOME", Path.Combine(folder, "home"))], ProgramFolder.Of("azvmrole"), ["-Command", command]);

    private Task<ClientRun> AzcopyAsync(params string[] arguments)
    {
        string logs = Path.Combine(folder, "azcopy");
        return ClientProcess.RunAsync(
            folder, [("AZCOPY_LOG_LOCATION", logs), ("AZCOPY_JOB_PLAN_LOCATION", logs)], _azcopy,
            [.. arguments, "--log-level", "NONE", "--skip-version-check"]);
    }
}
