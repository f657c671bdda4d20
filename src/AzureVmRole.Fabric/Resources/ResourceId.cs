using System.Diagnostics.CodeAnalysis;

namespace AzureVmRole.Fabric.Resources;

/// <summary>
/// The address of a resource in Azure Resource Manager. Compared without regard to case; keeps the spelling that it was made with.
/// </summary>
public sealed record ResourceId
{
    /// <summary>Names an id of a resource in a group, or of a group.</summary>
    /// <param name="subscriptionId">The subscription.</param>
    /// <param name="groupName">The resource group.</param>
    /// <param name="type">The type.</param>
    /// <param name="name">The resource's name; for a group the group's again.</param>
    public ResourceId(string subscriptionId, string groupName, ResourceType type, string name)
    {
        SubscriptionId = subscriptionId;
        GroupName = groupName;
        Type = type;
        Name = name;
        Text = type == ResourceType.ResourceGroups
            ? $"/subscriptions/{subscriptionId}/resourceGroups/{groupName}"
            : $"/subscriptions/{subscriptionId}/resourceGroups/{groupName}/providers/{type.Namespace}/{type.Name}/{name}";
        Key = Text.ToLowerInvariant();
    }

    public string SubscriptionId { get; }

    public string GroupName { get; }

    public ResourceType Type { get; }

    public string Name { get; }

    /// <summary>The whole id with types in Azure's spelling.</summary>
    public string Text { get; }

    /// <summary>What the fabric finds the resource by: the id in lower case.</summary>
    public string Key { get; }

    /// <summary>The id of the group that the resource is in.</summary>
    public ResourceId Group => Of(ResourceType.ResourceGroups, GroupName);

    /// <summary>The id of another resource of the same group.</summary>
    public ResourceId Of(ResourceType type, string name) => new(SubscriptionId, GroupName, type, name);

    /// <summary>Reads an id, in any case of letters; false when it is none of a type that the fabric has.</summary>
    public static bool TryParse(string? text, [NotNullWhen(true)] out ResourceId? id)
    {
        string[] parts = (text ?? "").Split('/');
        id = parts switch
        {
            ["", var s, var subscription, var g, var group]
                when Is(s, "subscriptions") && Is(g, "resourceGroups") && subscription.Length > 0 && group.Length > 0
                => new ResourceId(subscription, group, ResourceType.ResourceGroups, group),
            ["", var s, var subscription, var g, var group, var p, var space, var type, var name]
                when Is(s, "subscriptions") && Is(g, "resourceGroups") && Is(p, "providers") && name.Length > 0
                    && ResourceType.Find(space, type) is { } found
                => new ResourceId(subscription, group, found, name),
            _ => null,
        };
        return id is not null;
    }

    /// <inheritdoc/>
    public bool Equals(ResourceId? other) => other is not null && other.Key == Key;

    /// <inheritdoc/>
    public override int GetHashCode() => Key.GetHashCode(StringComparison.Ordinal);

    /// <inheritdoc/>
    public override string ToString() => Text;

    private static bool Is(string part, string word) => part.Equals(word, StringComparison.OrdinalIgnoreCase);
}
