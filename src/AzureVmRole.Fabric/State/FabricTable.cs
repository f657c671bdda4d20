using System.Data.Common;
using System.Text.Json.Nodes;
using AzureVmRole.Engine.Storage;
using AzureVmRole.Fabric.FrontEnd;
using AzureVmRole.Fabric.Resources;

namespace AzureVmRole.Fabric.State;

/// <summary>What is read and changed in one transaction: resources here, operations and requests in the other parts.</summary>
internal sealed partial class FabricTable(StatementCache statements)
{
    private const string ResourceColumns =
        "id, location, desired, observed, generation, observed_generation, state, version, created";

    /// <summary>A resource; null when there is none.</summary>
    public Resource? Find(ResourceId id)
    {
        using DbDataReader reader = statements.Query($"SELECT {ResourceColumns} FROM resources WHERE key = $1", id.Key);
        return reader.Read() ? ReadResource(reader) : null;
    }

    /// <summary>Where a resource is, without its documents; null when there is none.</summary>
    public ProvisioningState? FindState(ResourceId id) =>
        statements.Scalar("SELECT state FROM resources WHERE key = $1", id.Key) is long state ? (ProvisioningState)state : null;

    /// <summary>The resources of a type and scope in order of their keys, from behind <paramref name="continuation"/> on.</summary>
    /// <param name="type">The type.</param>
    /// <param name="scope">Which of them.</param>
    /// <param name="continuation">The key behind which to start; null for the start.</param>
    /// <param name="top">The most to give.</param>
    public List<Resource> List(ResourceType type, ListScope scope, string? continuation, int top)
    {
        string prefix = PrefixOf(type, scope);
        using DbDataReader reader = statements.Query(
            $"SELECT {ResourceColumns} FROM resources WHERE type = $1 AND key > $2 AND key < $3 AND ($4 IS NULL OR location = $4) ORDER BY key LIMIT $5",
            type.FullName, continuation ?? prefix, prefix + char.MaxValue, scope.Location?.ToLowerInvariant(), top);
        return ReadAll(reader);
    }

    /// <summary>Everything in a resource group, the group itself left out.</summary>
    public List<Resource> ListGroup(ResourceId group)
    {
        string prefix = group.Key + "/";
        using DbDataReader reader = statements.Query(
            $"SELECT {ResourceColumns} FROM resources WHERE key > $1 AND key < $2 ORDER BY key", prefix, prefix + char.MaxValue);
        return ReadAll(reader);
    }

    /// <summary>Where everything in a resource group is, without documents and without the group itself.</summary>
    public List<(ResourceId Id, ProvisioningState State)> ListGroupStates(ResourceId group)
    {
        var found = new List<(ResourceId Id, ProvisioningState State)>();
        string prefix = group.Key + "/";
        using DbDataReader reader = statements.Query(
            "SELECT id, state FROM resources WHERE key > $1 AND key < $2 ORDER BY key", prefix, prefix + char.MaxValue);
        while (reader.Read())
        {
            found.Add((ParseId(reader.GetString(0)), (ProvisioningState)reader.GetInt64(1)));
        }

        return found;
    }

    /// <summary>The locations that have resources, but for resource groups, which are anywhere.</summary>
    public List<string> ListLocations()
    {
        var found = new List<string>();
        using DbDataReader reader = statements.Query(
            "SELECT DISTINCT location FROM resources WHERE type <> $1 ORDER BY location", ResourceType.ResourceGroups.FullName);
        while (reader.Read())
        {
            found.Add(reader.GetString(0));
        }

        return found;
    }

    /// <summary>The resources that are not yet as they were asked for: what the controller begins with.</summary>
    public List<ResourceId> ListUnsettled()
    {
        var found = new List<ResourceId>();
        using DbDataReader reader = statements.Query(
            "SELECT id FROM resources WHERE observed_generation < generation OR state IN (0, 1, 4) ORDER BY key");
        while (reader.Read())
        {
            found.Add(ParseId(reader.GetString(0)));
        }

        return found;
    }

    /// <summary>Makes or replaces a resource.</summary>
    /// <returns>It with its new version, which no resource of this fabric had before.</returns>
    public Resource Save(Resource resource)
    {
        Resource saved = resource with { Version = NextVersion() };
        statements.Run(
            "INSERT OR REPLACE INTO resources (key, type, id, location, desired, observed, generation, observed_generation, state, version, created)"
            + " VALUES ($1,$2,$3,$4,$5,$6,$7,$8,$9,$10,$11)",
            saved.Id.Key, saved.Id.Type.FullName, saved.Id.Text, saved.Location, saved.Desired.ToJsonString(), saved.Observed.ToJsonString(),
            saved.Generation, saved.ObservedGeneration, (long)saved.State, saved.Version, saved.Created.UtcTicks);
        return saved;
    }

    /// <summary>Forgets a resource.</summary>
    public void Delete(ResourceId id) => statements.Run("DELETE FROM resources WHERE key = $1", id.Key);

    /// <summary>A setting of the fabric itself; null when it was never set.</summary>
    public string? FindSetting(string name) => (string?)statements.Scalar("SELECT value FROM settings WHERE name = $1", name);

    /// <summary>Sets one.</summary>
    public void SaveSetting(string name, string value) =>
        statements.Run("INSERT OR REPLACE INTO settings (name, value) VALUES ($1, $2)", name, value);

    private static string PrefixOf(ResourceType type, ListScope scope)
    {
        string groups = $"/subscriptions/{scope.SubscriptionId}/resourceGroups/".ToLowerInvariant();
        return scope.GroupName is null || type == ResourceType.ResourceGroups
            ? groups
            : $"{groups}{scope.GroupName}/providers/{type.Namespace}/{type.Name}/".ToLowerInvariant();
    }

    private static List<Resource> ReadAll(DbDataReader reader)
    {
        var found = new List<Resource>();
        while (reader.Read())
        {
            found.Add(ReadResource(reader));
        }

        return found;
    }

    private static Resource ReadResource(DbDataReader reader) => new()
    {
        Id = ParseId(reader.GetString(0)),
        Location = reader.GetString(1),
        Desired = ParseObject(reader.GetString(2)),
        Observed = ParseObject(reader.GetString(3)),
        Generation = reader.GetInt64(4),
        ObservedGeneration = reader.GetInt64(5),
        State = (ProvisioningState)reader.GetInt64(6),
        Version = reader.GetInt64(7),
        Created = new DateTimeOffset(reader.GetInt64(8), TimeSpan.Zero),
    };

    private static ResourceId ParseId(string text) => ResourceId.TryParse(text, out ResourceId? id)
        ? id
        : throw new InvalidDataException($"The fabric's database holds the id '{text}', which is none.");

    private static JsonObject ParseObject(string text) => JsonNode.Parse(text) as JsonObject
        ?? throw new InvalidDataException("The fabric's database holds a document that is no JSON object.");

    /// <summary>A counter of the whole fabric: a resource that is deleted and made again never has an ETag twice.</summary>
    private long NextVersion()
    {
        long next = long.Parse(FindSetting("version") ?? "0", System.Globalization.CultureInfo.InvariantCulture) + 1;
        SaveSetting("version", next.ToString(System.Globalization.CultureInfo.InvariantCulture));
        return next;
    }
}
