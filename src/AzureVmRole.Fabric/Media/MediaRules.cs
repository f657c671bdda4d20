using System.Net;
using System.Text.Json.Nodes;
using AzureVmRole.Fabric.Resources;
using AzureVmRole.Fabric.State;

namespace AzureVmRole.Fabric.Media;

/// <summary>What holds for disks, snapshots and images alike.</summary>
internal static class MediaRules
{
    private const int LongestName = 80;
    private const string WaitAction = "Wait until that has ended, then repeat the request.";

    /// <summary>Refuses a name that Azure would refuse ("Naming rules and restrictions", Microsoft.Compute), or that leads somewhere as a file's name.</summary>
    public static void CheckName(ResourceId id)
    {
        string name = id.Name;
        bool isFit = name.Length is >= 1 and <= LongestName
            && name.All(static character => char.IsAsciiLetterOrDigit(character) || character is '_' or '-' or '.')
            && char.IsAsciiLetterOrDigit(name[0]) && name[^1] is not ('-' or '.');
        if (!isFit)
        {
            throw new FabricException(
                HttpStatusCode.BadRequest, "InvalidResourceName", name, $"'{name}' cannot name a resource of type {id.Type}.",
                $"Give 1 to {LongestName} letters, digits, underscores, hyphens and periods, with a letter or digit first, and a letter, digit or underscore last.");
        }
    }

    /// <summary>The refusal of a resource that does not exist.</summary>
    public static FabricException NotFound(ResourceId id) => new(
        HttpStatusCode.NotFound, "ResourceNotFound", id.Text,
        $"The Resource '{id.Type}/{id.Name}' under resource group '{id.GroupName}' was not found.", "Check the name and the resource group.");

    /// <summary>The refusal of a change while another one is under way.</summary>
    public static FabricException Busy(Resource found) => new(
        HttpStatusCode.Conflict, "Conflict", found.Id.Name,
        found.State == ProvisioningState.Deleting
            ? $"The {found.Id.Type.Name} '{found.Id.Name}' is being deleted."
            : $"Another operation on the {found.Id.Type.Name} '{found.Id.Name}' is in progress ({found.State}).",
        WaitAction);

    /// <summary>The refusal of a change to what was decided when the resource was made.</summary>
    public static FabricException NotChangeable(string field) => new(
        HttpStatusCode.Conflict, "PropertyChangeNotAllowed", field, $"Changing property '{field}' is not allowed.", "Leave it as it is, or make a new resource.");

    /// <summary>The refusal of something in the state that a resource is in.</summary>
    public static FabricException NotAllowed(string target, string message, string? action = null) =>
        new(HttpStatusCode.Conflict, "OperationNotAllowed", target, message, action);

    /// <summary>A resource that another one is made from: it exists, is whole, and is in the same location.</summary>
    /// <param name="table">The state.</param>
    /// <param name="field">The field that names it.</param>
    /// <param name="idText">What the field says.</param>
    /// <param name="location">The location; null for any.</param>
    /// <param name="types">What it can be.</param>
    public static Resource RequireSource(FabricTable table, string field, string? idText, string? location, params ReadOnlySpan<ResourceType> types)
    {
        if (!ResourceId.TryParse(idText, out ResourceId? id) || !types.Contains(id.Type))
        {
            throw DocumentFields.Invalid(
                field, $"The field '{field}' says '{idText}', expected the id of one of {string.Join(", ", types.ToArray().Select(type => type.Name))}.", "Correct the id.");
        }

        Resource found = table.Find(id) ?? throw NotFound(id);
        if (location is not null && found.Location != location)
        {
            throw DocumentFields.Invalid(field, $"'{id.Name}' is in location '{found.Location}', expected '{location}'.", "Copy it to that location first.");
        }

        return found;
    }

    /// <summary>Refuses a source whose blob is not whole, or will not be there for long.</summary>
    public static Resource RequireWhole(Resource source) => MediaDocument.SizeOf(source) is not null && source.State != ProvisioningState.Deleting
        ? source
        : throw new FabricException(
            HttpStatusCode.Conflict, "Conflict", source.Id.Name, $"The {source.Id.Type.Name} '{source.Id.Name}' is {source.State}, and cannot be copied.", WaitAction);

    /// <summary>A power that a machine's disks are at rest in, from its <c>Observed</c>: Stopped or Deallocated.</summary>
    public static bool IsAtRest(Resource machine) =>
        DocumentFields.Text(machine.Observed, "power") is { } power
        && (power.Equals("Stopped", StringComparison.OrdinalIgnoreCase) || power.Equals("Deallocated", StringComparison.OrdinalIgnoreCase));

    /// <summary>Whether a machine has given its host back.</summary>
    public static bool IsDeallocated(Resource machine) =>
        "Deallocated".Equals(DocumentFields.Text(machine.Observed, "power"), StringComparison.OrdinalIgnoreCase)
        && "Deallocated".Equals(DocumentFields.Text(machine.Desired, MediaDocument.Hidden, "power"), StringComparison.OrdinalIgnoreCase);

    /// <summary>Whether the query asks for the VHD to be deleted with its resource.</summary>
    public static bool DeletesVhd(IReadOnlyDictionary<string, string> query)
    {
        if (!query.TryGetValue("deleteVhd", out string? text) || text.Length == 0)
        {
            return false;
        }

        return bool.TryParse(text, out bool isAsked)
            ? isAsked
            : throw DocumentFields.Invalid("deleteVhd", $"The query says deleteVhd={text}, expected true or false.");
    }

    /// <summary>A desired document for the deletion of a resource.</summary>
    public static JsonObject WithDeletion(JsonObject desired, bool deletesVhd)
    {
        var changed = (JsonObject)desired.DeepClone();
        DocumentFields.Ensure(changed, MediaDocument.Hidden)["deleteVhd"] = deletesVhd;
        return changed;
    }
}
