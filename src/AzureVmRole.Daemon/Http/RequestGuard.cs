using System.Net;
using AzureVmRole.Daemon.Arm;
using AzureVmRole.Daemon.Security;
using Microsoft.AspNetCore.Http;

namespace AzureVmRole.Daemon.Http;

/// <summary>Who gets in: requests from this machine, to this machine, with the token, and not too many of them.</summary>
/// <param name="token">The token.</param>
/// <param name="requests">Bounds the requests with the token.</param>
/// <param name="refusals">Bounds the others apart, so that they cannot keep out those with the token.</param>
internal sealed class RequestGuard(BearerToken token, TokenBucket requests, TokenBucket refusals)
{
    /// <summary>Refuses a request that does not come from this machine, or not to it.</summary>
    /// <exception cref="FabricException">Why it must not get in.</exception>
    public static void CheckOrigin(HttpContext context)
    {
        if (context.Connection.RemoteIpAddress is not { } address || !IPAddress.IsLoopback(address))
        {
            throw ArmErrors.NotLoopback();
        }

        // A page in a browser on this machine can be made to call here under a name of its own.
        if (context.Request.Headers.Host is not [{ Length: > 0 }] || !IsLoopback(context.Request.Host.Host))
        {
            throw ArmErrors.InvalidHost(context.Request.Headers.Host.ToString());
        }
    }

    /// <summary>Refuses a request without the token, and what is too much.</summary>
    /// <exception cref="FabricException">Why it must not get in.</exception>
    public void CheckToken(HttpContext context)
    {
        string authorization = context.Request.Headers.Authorization.ToString();
        if (token.IsIn(authorization))
        {
            if (!requests.TryTake())
            {
                throw ArmErrors.Throttled();
            }

            return;
        }

        throw refusals.TryTake() ? ArmErrors.AuthenticationFailed(authorization.StartsWith("Bearer ", StringComparison.OrdinalIgnoreCase)) : ArmErrors.Throttled();
    }

    /// <summary>Whether a client that signs in gave the token as its secret.</summary>
    /// <exception cref="FabricException">Too many have not.</exception>
    public bool IsSecret(string secret) => token.IsIn($"Bearer {secret}") || (refusals.TryTake() ? false : throw ArmErrors.Throttled());

    /// <summary>Bounds what is answered without the token.</summary>
    /// <exception cref="FabricException">There is too much of it.</exception>
    public void CheckOpen()
    {
        if (!refusals.TryTake())
        {
            throw ArmErrors.Throttled();
        }
    }

    private static bool IsLoopback(string host) =>
        host.Equals("localhost", StringComparison.OrdinalIgnoreCase) || host is "127.0.0.1" or "[::1]" or "::1";
}
