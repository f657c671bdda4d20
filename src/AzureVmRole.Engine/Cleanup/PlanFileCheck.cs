namespace AzureVmRole.Engine.Cleanup;

/// <summary>Checks what a plan file says, beyond being JSON of the right shape.</summary>
internal static class PlanFileCheck
{
    private const string DiskExtension = ".vhd";

    /// <summary>The plan that a file holds.</summary>
    /// <exception cref="CatalogueException">A field makes no sense.</exception>
    public static OrphanPlan ToPlan(string path, PlanFile file)
    {
        CheckHead(path, file);
        var listing = SearchListing.FromPlan(file);
        HashSet<string> names = new(StringComparer.Ordinal);
        List<OrphanVhd> items = new(file.Items.Count);
        for (int index = 0; index < file.Items.Count; index++)
        {
            PlanItem item = file.Items[index];
            CheckItem(path, $"items[{index}]", item, file);
            OrphanVhd orphan = item.ToOrphan(listing);
            Require(OrphanPlan.IsPlanned(orphan), path, $"items[{index}].reasons", "keep the blob, so it cannot be planned");
            Require(names.Add(item.Name), path, $"items[{index}].name", $"is '{item.Name}' a second time");
            Require(
                IsAddressOf(item, file.Store), path, $"items[{index}].uri",
                $"is no address of '{item.Name}' in '{file.Store}': what is shown would not be what is deleted");
            items.Add(orphan);
        }

        return new OrphanPlan(listing, items);
    }

    /// <summary>An error about a field.</summary>
    public static CatalogueException Invalid(string path, string field, string problem, Exception? exception = null) => new(
        ErrorCode.RemovalPlanInvalid,
        path,
        $"In plan '{path}', {(field.Length == 0 ? "the content" : field)} {problem}.",
        "Make the plan again with Get-OrphanVhd -PlanPath.",
        exception);

    private static void CheckHead(string path, PlanFile file)
    {
        Require(file.Format == PlanFile.FormatName, path, "format", $"is '{file.Format}', expected '{PlanFile.FormatName}'");
        Require(file.Version == PlanFile.CurrentVersion, path, "version", $"is {file.Version}, expected {PlanFile.CurrentVersion}");
        Require(file.IsComplete, path, "isComplete", "is false: the search did not see the whole store");
        Require(IsPlainAddress(file.Store), path, "store", "is no address of a store, or carries a signature");
        Require(file.VhdCount >= file.Items.Count, path, "vhdCount", $"is {file.VhdCount}, less than the {file.Items.Count} items");
        Require(
            file.ReferencePaths.All(static reference => Path.IsPathFullyQualified(reference)), path, "referencePaths", "hold a path that is not absolute");
        Require(file.BlobCount >= 0, path, "blobCount", $"is {file.BlobCount}");
    }

    private static void CheckItem(string path, string place, PlanItem item, PlanFile file)
    {
        Require(
            item.Container.Length > 0 && item.Name.StartsWith($"{item.Container}/", StringComparison.Ordinal)
                && item.Name.Length > item.Container.Length + 1,
            path, $"{place}.name", $"is '{item.Name}', expected '{item.Container}/' and a name");
        Require(
            item.Name.EndsWith(DiskExtension, StringComparison.OrdinalIgnoreCase), path, $"{place}.name", $"is '{item.Name}', expected a .vhd");
        Require(
            file.Container is null || file.Container == item.Container,
            path, $"{place}.container", $"is '{item.Container}', the search was in '{file.Container}'");
        Require(IsPlainAddress(item.Uri), path, $"{place}.uri", "is no address of a blob, or carries a signature");
        Require(item.ETag.Length > 0, path, $"{place}.eTag", "is empty");
        Require(item.Length >= 0, path, $"{place}.length", $"is {item.Length}");
        Require(item.Reasons.Count > 0, path, $"{place}.reasons", "are none");
    }

    private static bool IsPlainAddress(string text) =>
        Uri.TryCreate(text, UriKind.Absolute, out Uri? uri) && uri.Query.Length == 0 && uri.UserInfo.Length == 0;

    // A folder store's files have escapes of their own in their names, which the address escapes once more.
    private static bool IsAddressOf(PlanItem item, string store)
    {
        string start = store.TrimEnd('/') + "/";
        if (!item.Uri.StartsWith(start, StringComparison.Ordinal))
        {
            return false;
        }

        string inside = Uri.UnescapeDataString(item.Uri[start.Length..]);
        return inside == item.Name || Uri.UnescapeDataString(inside) == item.Name;
    }

    private static void Require(bool condition, string path, string field, string problem)
    {
        if (!condition)
        {
            throw Invalid(path, field, problem);
        }
    }
}
