using System.Net;
using Azure;
using Azure.ResourceManager.Resources;
using AzureVmRole.Engine.Compute.Connecting;
using AzureVmRole.Engine.Compute.Http;

namespace AzureVmRole.Engine.Compute;

/// <summary>Makes what does not exist yet. A PUT would change what exists, so there is a condition with it.</summary>
internal static class ResourceCreation
{
    /// <summary>
    /// Makes a resource on condition that there is none of its name. The local fabric keeps the condition, and is asked nothing before; other services may
    /// leave it out, and are asked first. Whatever a service refuses, a name that is taken is the reason that counts.
    /// </summary>
    /// <param name="connection">Who is asked.</param>
    /// <param name="groupName">The resource group; null for the connection's own.</param>
    /// <param name="kind">What it is, as errors say it: "disk".</param>
    /// <param name="name">Its name.</param>
    /// <param name="exists">Asks whether there is one of that name.</param>
    /// <param name="create">Makes it.</param>
    /// <param name="cancellationToken">Ends the work.</param>
    /// <exception cref="FabricException">ResourceConflict: there is one of that name.</exception>
    public static async Task<T> RunAsync<T>(
        FabricConnection connection, string? groupName, string kind, string name,
        Func<ResourceGroupResource, CancellationToken, Task<Response<bool>>> exists, Func<ResourceGroupResource, CancellationToken, Task<T>> create,
        CancellationToken cancellationToken)
    {
        ResourceGroupResource group = await connection.GroupForCreationAsync(groupName, cancellationToken).ConfigureAwait(false);
        if (!connection.IsLocal && await exists(group, cancellationToken).ConfigureAwait(false))
        {
            throw Exists(kind, name, group);
        }

        try
        {
            using IDisposable condition = IfMatchPolicy.AddAbsent();
            return await create(group, cancellationToken).ConfigureAwait(false);
        }
        catch (RequestFailedException refusal) when (refusal.Status is >= 400 and < 500)
        {
            if (refusal.Status == (int)HttpStatusCode.PreconditionFailed || await exists(group, cancellationToken).ConfigureAwait(false))
            {
                throw Exists(kind, name, group);
            }

            throw;
        }
    }

    /// <summary>The error of a name that is taken.</summary>
    public static FabricException Exists(string kind, string name, ResourceGroupResource group) => new(
        HttpStatusCode.Conflict, "Conflict", name, $"The {kind} '{name}' exists already in resource group '{group.Id.Name}'.", "Give another name, or remove it first.");
}
