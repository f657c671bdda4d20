using System.Net;
using AzureVmRole.Fabric.Control;
using AzureVmRole.Fabric.FrontEnd.Groups;
using AzureVmRole.Fabric.Resources;
using AzureVmRole.Fabric.State;

namespace AzureVmRole.Fabric.FrontEnd;

/// <summary>
/// Where requests are accepted: a repeated one gets the first one's answer, the group and the conditions are checked, and what it changes is there as a
/// whole or not at all.
/// </summary>
internal sealed class RequestDesk(FabricDatabase database, WorkQueue queue, TimeProvider clock)
{
    /// <summary>Accepts a request, or refuses it with a <see cref="FabricException"/>.</summary>
    /// <param name="action">What it is: <c>Put</c>, <c>Patch</c>, <c>Delete</c>, or the name of an action.</param>
    /// <param name="id">The resource.</param>
    /// <param name="context">The rest of the request.</param>
    /// <param name="decide">Checks and changes; runs inside the transaction, so it only reads and writes the table.</param>
    /// <param name="repeat">The answer to a request that was accepted before and is repeated, from the resource as it is now (null: gone).</param>
    public Acceptance Accept(
        string action, ResourceId id, RequestContext context, Func<Acceptor, Acceptance> decide, Func<Resource?, Acceptance> repeat)
    {
        string target = context.ContentId.Length == 0 ? $"{action} {id.Key}" : $"{action} {id.Key} {context.ContentId}";
        Acceptor? acceptor = null;
        Acceptance accepted = database.Change(table =>
        {
            Resource? found = table.Find(id);
            // What was made and is gone again is made anew: the client that makes it cannot mean the first one.
            bool isMadeAnew = action == "Put" && found is null;
            if (!isMadeAnew && context.ClientRequestId is { } requestId && table.FindRequest(requestId, target) is { } before)
            {
                return repeat(found) with { IsCreated = before.IsCreated, OperationId = before.OperationId };
            }

            GroupRules.RequireOpen(table, id, isDeletion: action == "Delete");
            CheckConditions(id, found, context);
            acceptor = new Acceptor(table, action, found, clock.GetUtcNow());
            Acceptance answer = decide(acceptor);
            if (context.ClientRequestId is { } newId)
            {
                table.SaveRequest(newId, target, answer.OperationId, answer.IsCreated, acceptor.Now);
            }

            return answer;
        });
        foreach (ResourceId touched in acceptor?.Touched ?? [])
        {
            queue.Add(touched);
        }

        return accepted;
    }

    private static void CheckConditions(ResourceId id, Resource? found, RequestContext context)
    {
        if (found is not null && context.IfNoneMatch is { } unwanted && Names(unwanted, found))
        {
            throw new FabricException(
                HttpStatusCode.PreconditionFailed, "PreconditionFailed", id.Name,
                $"The {id.Type.Name} '{id.Name}' exists already with the ETag {found.ETag}, and If-None-Match: {unwanted} was given.",
                "Give another name, or leave the condition out.");
        }

        if (context.IfMatch is { } wanted && (found is null || !Names(wanted, found)))
        {
            throw new FabricException(
                HttpStatusCode.PreconditionFailed, "PreconditionFailed", id.Name,
                found is null
                    ? $"The {id.Type.Name} '{id.Name}' does not exist, and If-Match was given."
                    : $"The {id.Type.Name} '{id.Name}' has the ETag {found.ETag}, expected {wanted}: somebody else has changed it.",
                "Read the resource again, then repeat the change.");
        }
    }

    /// <summary>Whether a condition names a resource as it is: <c>*</c>, or a list of ETags (RFC 9110, 13.1), in quotation marks or, as some clients send them, without.</summary>
    private static bool Names(string condition, Resource found) => condition.Trim() == "*"
        || condition.Split(',').Any(tag => tag.Trim() is var text && (text.StartsWith("W/", StringComparison.Ordinal) ? text[2..] : text).Trim('"') == found.ETag.Trim('"'));
}
