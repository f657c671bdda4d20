using System.Net;
using AzureVmRole.Fabric.Resources;
using AzureVmRole.Fabric.State;

namespace AzureVmRole.Fabric.FrontEnd.Groups;

/// <summary>What holds for resource groups and for everything in them.</summary>
internal static class GroupRules
{
    private const int LongestName = 90;

    /// <summary>The refusal of a group that does not exist.</summary>
    public static FabricException NotFound(string groupName) => new(
        HttpStatusCode.NotFound, "ResourceGroupNotFound", groupName, $"Resource group '{groupName}' could not be found.", "Make the resource group first, or correct the name.");

    /// <summary>The refusal of a group that is being deleted.</summary>
    public static FabricException BeingDeleted(string groupName) => new(
        HttpStatusCode.Conflict, "ResourceGroupBeingDeleted", groupName,
        $"The resource group '{groupName}' is in deprovisioning state and cannot perform this operation.", "Wait until it is gone, or use another resource group.");

    /// <summary>Refuses a request into a group that does not exist, or, unless it deletes, that is being deleted. Groups themselves pass.</summary>
    public static void RequireOpen(FabricTable table, ResourceId id, bool isDeletion)
    {
        if (id.Type == ResourceType.ResourceGroups)
        {
            return;
        }

        ProvisioningState state = table.FindState(id.Group) ?? throw NotFound(id.GroupName);
        if (state == ProvisioningState.Deleting && !isDeletion)
        {
            throw BeingDeleted(id.GroupName);
        }
    }

    /// <summary>Refuses a name that a group cannot have ("Naming rules and restrictions for Azure resources").</summary>
    public static void CheckName(string name)
    {
        string wrong = string.Concat(name.Where(character => !char.IsLetterOrDigit(character) && !"-._()".Contains(character, StringComparison.Ordinal)).Distinct());
        if (wrong.Length > 0)
        {
            throw Refuse($"The provided resource group name '{name}' has these invalid characters: '{wrong}'. The name can only be a letter, digit, '-', '.', '(', ')' or '_'.");
        }

        if (name.Length is 0 or > LongestName)
        {
            throw Refuse($"The provided resource group name '{name}' has {name.Length} characters, expected 1 to {LongestName}.");
        }

        if (name.EndsWith('.'))
        {
            throw Refuse($"The provided resource group name '{name}' ends with a period.");
        }

        FabricException Refuse(string message) => new(HttpStatusCode.BadRequest, "InvalidResourceGroup", name, message, "Give another name.");
    }
}
