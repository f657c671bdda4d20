namespace AzureVmRole.Fabric.Resources;

/// <summary>Where a resource is between what was asked for and what there is; written as <c>provisioningState</c>.</summary>
public enum ProvisioningState
{
    /// <summary>It was asked for, and is being made.</summary>
    Creating,

    /// <summary>It exists, and is being changed.</summary>
    Updating,

    /// <summary>It is as it was asked for.</summary>
    Succeeded,

    /// <summary>It could not be made or changed; its operation says why.</summary>
    Failed,

    /// <summary>It is being deleted.</summary>
    Deleting,
}
