using AzureVmRole.Daemon.Arm;

namespace AzureVmRole.Daemon.Http;

/// <summary>Finds what answers a request. Literal parts are compared without regard to case; the first route that fits the path counts.</summary>
internal sealed class RouteTable
{
    private readonly List<Route> _routes = [];

    /// <summary>Adds a route.</summary>
    /// <param name="method">The method, in upper case.</param>
    /// <param name="pattern">The path without a slash at its ends; <c>{name}</c> stands for any part.</param>
    /// <param name="answer">What answers.</param>
    public void Map(string method, string pattern, Func<ArmRequest, Task<ArmAnswer>> answer)
    {
        Route? route = _routes.Find(route => route.Pattern == pattern);
        if (route is null)
        {
            route = new Route(pattern, pattern.Split('/'));
            _routes.Add(route);
        }

        route.Answers.Add(method, answer);
    }

    /// <summary>Adds a route that is answered at once.</summary>
    public void Map(string method, string pattern, Func<ArmRequest, ArmAnswer> answer) => Map(method, pattern, request => Task.FromResult(answer(request)));

    /// <summary>What answers a request, and the request with what stands in its path.</summary>
    /// <exception cref="FabricException">There is no such path, or it does not have this method.</exception>
    public (ArmRequest Request, Func<ArmRequest, Task<ArmAnswer>> Answer) Find(ArmRequest request)
    {
        foreach (Route route in _routes)
        {
            if (route.Match(request.Parts) is not { } values)
            {
                continue;
            }

            return route.Answers.TryGetValue(request.Method, out Func<ArmRequest, Task<ArmAnswer>>? answer)
                ? (request.With(values), answer)
                : throw ArmErrors.MethodNotAllowed(request.Method, route.Answers.Keys);
        }

        throw ArmErrors.UnknownPath();
    }

    private sealed record Route(string Pattern, string[] Parts)
    {
        public Dictionary<string, Func<ArmRequest, Task<ArmAnswer>>> Answers { get; } = new(StringComparer.Ordinal);

        public Dictionary<string, string>? Match(IReadOnlyList<string> parts)
        {
            if (parts.Count != Parts.Length)
            {
                return null;
            }

            for (int index = 0; index < Parts.Length; index++)
            {
                if (Parts[index][0] != '{' && !Parts[index].Equals(parts[index], StringComparison.OrdinalIgnoreCase))
                {
                    return null;
                }
            }

            var values = new Dictionary<string, string>(StringComparer.Ordinal);
            for (int index = 0; index < Parts.Length; index++)
            {
                if (Parts[index][0] == '{')
                {
                    values[Parts[index][1..^1]] = parts[index];
                }
            }

            return values;
        }
    }
}
