using System.Globalization;
using AzureVmRole.Engine.Images.Conversion;
using AzureVmRole.Engine.Images.Creation;
using AzureVmRole.Engine.Images.Merging;
using AzureVmRole.Engine.Images.Optimization;
using AzureVmRole.Engine.Images.Repair;
using AzureVmRole.Engine.Images.Reparenting;
using AzureVmRole.Engine.Images.Resizing;
using AzureVmRole.Engine.Storage;
using AzureVmRole.Engine.Storage.Saving;
using AzureVmRole.Engine.Storage.Publishing;

namespace AzureVmRole.KillTarget;

/// <summary>One operation of the engine, named by words that fit a command line.</summary>
public static class Operation
{
    /// <summary>Runs the operation.</summary>
    /// <param name="words">The operation and its arguments: absolute paths, sizes in bytes, types of disk.</param>
    /// <param name="progress">Gets how far it has come.</param>
    /// <param name="cancellationToken">Ends it.</param>
    public static Task RunAsync(
        IReadOnlyList<string> words, IProgress<TransferProgress>? progress, CancellationToken cancellationToken) => words switch
    {
        ["create", var path, var type, var size] => DiskCreation.CreateAsync(
            new DiskCreationOptions { Path = path, Type = Enum.Parse<VhdType>(type), SizeInBytes = Bytes(size), Overwrite = true }, cancellationToken),
        ["difference", var path, var parent] => DifferenceCreation.CreateAsync(
            new DifferenceCreationOptions { Path = path, ParentPath = parent, Overwrite = true }, cancellationToken),
        ["convert", var source, var path, var type] => DiskConversion.ConvertAsync(
            new DiskConversionOptions { SourcePath = source, DestinationPath = path, Type = Enum.Parse<VhdType>(type), Overwrite = true },
            progress, cancellationToken),
        ["resize", var path, var size] => DiskResize.ResizeAsync(
            new DiskResizeOptions { Path = path, SizeInBytes = Bytes(size) }, progress, cancellationToken),
        ["optimize", var path] => DiskOptimization.OptimizeAsync(path, progress, cancellationToken),
        ["merge", var path] => DiskMerge.MergeAsync(new DiskMergeOptions { Path = path }, progress, cancellationToken),
        ["merge", var path, var target] => DiskMerge.MergeAsync(
            new DiskMergeOptions { Path = path, DestinationPath = target, Overwrite = true }, progress, cancellationToken),
        ["repair", var path] => DiskRepair.RepairAsync(path, cancellationToken),
        ["reparent", var path, var parent] => DiskReparent.ReparentAsync(
            new ReparentOptions { Path = path, ParentPath = parent }, cancellationToken),
        ["store-count", var folder, var name, var rounds] => StoreOperation.CountAsync(
            folder, name, int.Parse(rounds, CultureInfo.InvariantCulture), cancellationToken),
        ["store-churn", var folder] => StoreOperation.ChurnAsync(folder, cancellationToken),
        ["save", var source, var path, var type, var store] => DiskSave.SaveAsync(
            new SaveOptions
            {
                Source = source,
                DestinationPath = path,
                Type = Enum.Parse<VhdType>(type),
                Overwrite = true,
                Connection = Connect(store) with { NumberOfThreads = 2 },
            },
            progress, cancellationToken),
        ["publish", var source, var blob, var store] => DiskPublication.PublishAsync(
            Publish(source, blob, store), progress, cancellationToken),
        ["publish-patch", var source, var blob, var lower, var store] => DiskPublication.PublishAsync(
            Publish(source, blob, store) with { BaseImage = lower }, progress, cancellationToken),
        _ => throw new ArgumentException($"No operation: {string.Join(' ', words)}", nameof(words)),
    };

    private static PublishOptions Publish(string source, string blob, string store) => new()
    {
        SourcePath = source,
        Destination = blob,
        IsDataDisk = true,
        Connection = Connect(store),
    };

    /// <summary>The store is a folder, or an account's connection string.</summary>
    private static StoreConnection Connect(string store) => Path.IsPathRooted(store)
        ? new StoreConnection { FolderPath = store }
        : new StoreConnection { ConnectionString = store };

    private static long Bytes(string word) => long.Parse(word, CultureInfo.InvariantCulture);
}
