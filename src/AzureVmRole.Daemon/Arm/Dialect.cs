using System.Net;
using AzureVmRole.Fabric.Resources;

namespace AzureVmRole.Daemon.Arm;

/// <summary>
/// What clients rely on for a type, as measured with four of them: the statuses of PUT, what lies below a resource, and what is answered when it is done.
/// </summary>
internal sealed record Dialect
{
    private static readonly Dictionary<ResourceType, Dialect> Types = new Dialect[]
    {
        new()
        {
            Type = ResourceType.ResourceGroups,
            HasStatusAddress = false,
        },
        new() { Type = ResourceType.Images },
        new() { Type = ResourceType.Disks, IsCreationAccepted = true, Actions = ["beginGetAccess", "endGetAccess"] },
        new() { Type = ResourceType.Snapshots, IsCreationAccepted = true, Actions = ["beginGetAccess", "endGetAccess"] },
        new()
        {
            Type = ResourceType.VirtualMachines,
            Parts = ["instanceView", "vmSizes"],
            EmptyLists = ["extensions", "runCommands"],
            Actions =
            [
                "start", "powerOff", "restart", "deallocate", "redeploy", "reimage", "reapply", "capture", "runCommand", "generalize",
                "convertToManagedDisks", "performMaintenance", "simulateEviction", "retrieveBootDiagnosticsData", "assessPatches", "installPatches",
            ],
            SynchronousActions = ["generalize"],
        },
    }.ToDictionary(dialect => dialect.Type);

    /// <summary>The type.</summary>
    public required ResourceType Type { get; init; }

    /// <summary>Whether a PUT that goes on is 202, and one that is done 200, never 201 (disks); else 201 or 200 in both cases.</summary>
    public bool IsCreationAccepted { get; init; }

    /// <summary>Whether Azure-AsyncOperation is sent beside Location.</summary>
    public bool HasStatusAddress { get; init; } = true;

    /// <summary>What can be read below a resource.</summary>
    public IReadOnlyList<string> Parts { get; init; } = [];

    /// <summary>Types of resources below a resource that clients list and the fabric does not have: there are none.</summary>
    public IReadOnlyList<string> EmptyLists { get; init; } = [];

    /// <summary>What can be done to a resource.</summary>
    public IReadOnlyList<string> Actions { get; init; } = [];

    /// <summary>Those of <see cref="Actions"/> that are answered 200 when they are done.</summary>
    public IReadOnlyList<string> SynchronousActions { get; init; } = [];

    /// <summary>The dialect of a type.</summary>
    public static Dialect Of(ResourceType type) => Types[type];

    /// <summary>The status of a PUT.</summary>
    /// <param name="isCreated">Whether it made the resource.</param>
    /// <param name="goesOn">Whether something is left to do.</param>
    public HttpStatusCode PutStatus(bool isCreated, bool goesOn) => (IsCreationAccepted, isCreated, goesOn) switch
    {
        (true, _, true) => HttpStatusCode.Accepted,
        (true, _, false) => HttpStatusCode.OK,
        (false, true, _) => HttpStatusCode.Created,
        (false, false, _) => HttpStatusCode.OK,
    };
}
