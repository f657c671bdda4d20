namespace AzureVmRole.Fabric.Guests.Metadata;

/// <summary>The versions of the metadata service, and from which one on each of its members exists.</summary>
/// <remarks>https://learn.microsoft.com/azure/virtual-machines/instance-metadata-service</remarks>
internal static class MetadataVersions
{
    /// <summary>Oldest first: as text they are in the order of their dates.</summary>
    public static readonly IReadOnlyList<string> All =
    [
        "2017-03-01", "2017-04-02", "2017-08-01", "2017-10-01", "2017-12-01", "2018-02-01", "2018-04-02", "2018-10-01", "2019-02-01", "2019-03-11", "2019-04-30",
        "2019-06-01", "2019-06-04", "2019-08-01", "2019-08-15", "2019-11-01", "2020-06-01", "2020-07-15", "2020-09-01", "2020-10-01", "2020-12-01", "2021-01-01",
        "2021-02-01", "2021-03-01", "2021-05-01", "2021-08-01", "2021-10-01", "2021-11-01", "2021-11-15", "2021-12-13", "2023-07-01",
    ];

    /// <summary>Members of <c>compute</c> that the first version did not have.</summary>
    public static readonly IReadOnlyDictionary<string, string> FirstOfMember = new Dictionary<string, string>(StringComparer.Ordinal)
    {
        ["azEnvironment"] = "2018-10-01",
        ["customData"] = "2019-02-01",
        ["evictionPolicy"] = "2020-12-01",
        ["extendedLocation"] = "2021-03-01",
        ["isHostCompatibilityLayerVm"] = "2020-06-01",
        ["licenseType"] = "2020-09-01",
        ["osProfile"] = "2020-07-15",
        ["placementGroupId"] = "2017-08-01",
        ["plan"] = "2018-04-02",
        ["priority"] = "2020-12-01",
        ["provider"] = "2018-10-01",
        ["publicKeys"] = "2018-04-02",
        ["resourceGroupName"] = "2017-08-01",
        ["resourceId"] = "2019-03-11",
        ["securityProfile"] = "2020-06-01",
        ["storageProfile"] = "2019-06-01",
        ["subscriptionId"] = "2017-08-01",
        ["tags"] = "2017-08-01",
        ["tagsList"] = "2019-06-04",
        ["userData"] = "2021-01-01",
        ["virtualMachineScaleSet"] = "2021-12-13",
        ["vmScaleSetName"] = "2017-12-01",
        ["zone"] = "2017-12-01",
    };

    /// <summary>From this version on <c>extended=true</c> tells what agents want to know of the provisioning.</summary>
    public const string FirstExtended = "2021-08-01";

    /// <summary>Whether a version has what came with another.</summary>
    public static bool Has(string version, string since) => string.CompareOrdinal(version, since) >= 0;
}
